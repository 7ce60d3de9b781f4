package dev.atelier.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atelier.kernel.AccountId;
import dev.atelier.kernel.Caller;
import dev.atelier.kernel.Fault;
import dev.atelier.kernel.Identity;
import dev.atelier.kernel.Region;
import dev.atelier.kms.KeyringBench;
import dev.atelier.objects.ObjectName;
import dev.atelier.objects.ObjectStore;
import dev.atelier.operation.OperationTable;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What S3 encrypts unasked and how, and what it refuses to be told. */
class S3ArgumentsTest {
  @TempDir Path root;
  private ObjectStore store;
  private OperationTable table;
  private S3Feature feature;
  private KeyringBench keyring;

  @BeforeEach
  void open() {
    store = ObjectStore.open(root, Clock.systemUTC());
    table = new OperationTable();
    keyring = new KeyringBench(root, Clock.systemUTC(), table);
    feature = S3Feature.open(store, keyring.keyring(), table);
    call("CreateBucket", "Bucket", "data");
  }

  @AfterEach
  void close() {
    store.close();
    keyring.close();
  }

  @Test
  void badArgumentsAreRefusedInAwsWords() {
    put("k", "x");
    for (String text : List.of("a$", "(b", "<c>", "d*")) {
      Map<String, Object> tags = Map.of("TagSet", List.of(Map.of("Key", "k", "Value", text)));
      assertFault("InvalidTag", 400, () -> call("PutBucketTagging", "Bucket", "data", "Tagging", tags));
      assertFault("InvalidTag", 400, () -> call("PutObjectTagging", "Bucket", "data", "Key", "k", "Tagging", tags));
      assertFault("InvalidTag", 400, () -> call("PutObject", "Bucket", "data", "Key", "k", "Body", body("x"),
          "Tagging", text + "=1"));
    }
    call("PutObjectTagging", "Bucket", "data", "Key", "k", "Tagging",
        Map.of("TagSet", List.of(Map.of("Key", "größe 1_.:/=+-@", "Value", ""))));
    assertFault("InvalidRedirectLocation", 400, () -> call("PutObject", "Bucket", "data", "Key", "k", "Body", body("x"),
        "WebsiteRedirectLocation", "foo"));
    for (int number : List.of(0, -1, 10_001)) {
      assertFault("InvalidArgument", 400, () -> head("PartNumber", number));
    }
    assertFault("InvalidArgument", 400, () -> call("GetObjectAttributes", "Bucket", "data", "Key", "k",
        "ObjectAttributes", List.of("ETag"), "PartNumberMarker", -1));
    String upload = call("CreateMultipartUpload", "Bucket", "data", "Key", "k").get("UploadId").toString();
    assertFault("InvalidArgument", 400, () -> call("ListParts", "Bucket", "data", "Key", "k", "UploadId", upload,
        "PartNumberMarker", -1));
    assertFault("InvalidBucketOwnerAWSAccountID", 400, () -> head("ExpectedBucketOwner", "abc"));
    assertFault("AccessDenied", 403, () -> head("ExpectedBucketOwner", "999999999999"));
  }

  @Test
  void aDeleteMarkerIsNoSource() {
    call("PutBucketVersioning", "Bucket", "data", "VersioningConfiguration", Map.of("Status", "Enabled"));
    put("k", "x");
    Object marker = call("DeleteObject", "Bucket", "data", "Key", "k").get("VersionId");
    assertFault("InvalidRequest", 400, () -> call("CopyObject", "Bucket", "data", "Key", "copy",
        "CopySource", "data/k?versionId=" + marker));
    Object upload = call("CreateMultipartUpload", "Bucket", "data", "Key", "big").get("UploadId");
    assertFault("InvalidRequest", 400, () -> call("UploadPartCopy", "Bucket", "data", "Key", "big", "UploadId", upload,
        "PartNumber", 1, "CopySource", "data/k?versionId=" + marker));
    assertFault("NoSuchKey", 404, () -> call("CopyObject", "Bucket", "data", "Key", "copy", "CopySource", "data/k"));
  }

  @Test
  void encryptionContextIsKeptWithTheObject() throws IOException {
    String asked = base64("{\"team\":\"a\",\"aws:s3:arn\":\"arn:aws:s3:::data/k\"}");
    assertThat(call("PutObject", "Bucket", "data", "Key", "k", "Body", body("x"), "ServerSideEncryption", "aws:kms",
        "SSEKMSEncryptionContext", asked)).containsEntry("SSEKMSEncryptionContext", base64("{\"team\":\"a\"}"));
    Map<String, Object> read = call("GetObject", "Bucket", "data", "Key", "k");
    assertThat(text(read)).isEqualTo("x");
    assertThat(read).doesNotContainKey("SSEKMSEncryptionContext");
    assertThat(store.require(ObjectName.latest("data", "k")).attributes().encryption().orElseThrow().context())
        .isEqualTo(Map.of("team", "a"));
    call("CopyObject", "Bucket", "data", "Key", "copy", "CopySource", "data/k", "ServerSideEncryption", "aws:kms",
        "SSEKMSEncryptionContext", base64("{\"team\":\"b\"}"));
    assertThat(text(call("GetObject", "Bucket", "data", "Key", "copy"))).isEqualTo("x");
    for (String wrong : List.of("no base64!", base64("[]"), base64("{\"a\":1}"), base64("{\"a\":{}}"), base64("{"),
        base64("{\"aws:s3:arn\":\"arn:aws:s3:::data/other\"}"))) {
      assertFault("InvalidArgument", 400, () -> call("PutObject", "Bucket", "data", "Key", "no", "Body", body("x"),
          "ServerSideEncryption", "aws:kms", "SSEKMSEncryptionContext", wrong));
    }
    assertFault("InvalidArgument", 400, () -> call("PutObject", "Bucket", "data", "Key", "no", "Body", body("x"),
        "SSEKMSEncryptionContext", asked));
  }

  @Test
  void everythingIsEncryptedWhereThatIsTheDefault() throws IOException {
    put("clear", "x");
    table = new OperationTable();
    feature = S3Feature.open(store, keyring.keyring(), AccountDirectory.EMPTY, true, table);
    assertThat(call("GetBucketEncryption", "Bucket", "data")).containsEntry("ServerSideEncryptionConfiguration",
        Map.of("Rules", List.of(Map.of("ApplyServerSideEncryptionByDefault", Map.of("SSEAlgorithm", "AES256"),
            "BucketKeyEnabled", false))));
    assertThat(call("PutObject", "Bucket", "data", "Key", "k", "Body", body("y")))
        .containsEntry("ServerSideEncryption", "AES256");
    Map<String, Object> read = call("GetObject", "Bucket", "data", "Key", "k");
    assertThat(read).containsEntry("ServerSideEncryption", "AES256");
    assertThat(text(read)).isEqualTo("y");
    assertThat(text(call("GetObject", "Bucket", "data", "Key", "clear"))).isEqualTo("x");
    assertThat(call("CreateMultipartUpload", "Bucket", "data", "Key", "k"))
        .containsEntry("ServerSideEncryption", "AES256");
    assertFault("InvalidRequest", 400, () ->
        call("CopyObject", "Bucket", "data", "Key", "k", "CopySource", "data/k"));
    encryptByDefault(Map.of("SSEAlgorithm", "aws:kms"));
    assertThat(call("PutObject", "Bucket", "data", "Key", "k", "Body", body("z")))
        .containsEntry("ServerSideEncryption", "aws:kms");
    call("DeleteBucketEncryption", "Bucket", "data");
    assertThat(call("PutObject", "Bucket", "data", "Key", "k", "Body", body("z")))
        .containsEntry("ServerSideEncryption", "AES256");
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  private void head(Object... members) {
    List<Object> all = new ArrayList<>(List.of("Bucket", "data", "Key", "k"));
    all.addAll(List.of(members));
    call("HeadObject", all.toArray());
  }

  private Map<String, Object> encryptByDefault(Map<String, Object> choice) {
    return call("PutBucketEncryption", "Bucket", "data", "ServerSideEncryptionConfiguration",
        Map.of("Rules", List.of(Map.of("ApplyServerSideEncryptionByDefault", choice))));
  }

  private void put(String key, String content) {
    call("PutObject", "Bucket", "data", "Key", key, "Body", body(content));
  }

  private Map<String, Object> call(String operation, Object... members) {
    return call(caller("123456789012", "us-east-1"), operation, members);
  }

  private Map<String, Object> call(Caller caller, String operation, Object... members) {
    Map<String, Object> input = new LinkedHashMap<>();
    for (int i = 0; i < members.length; i += 2) {
      if (members[i + 1] != null) {
        input.put((String) members[i], members[i + 1]);
      }
    }
    return table.find("s3", operation).orElseThrow().perform(caller, input);
  }

  private static Caller caller(String account, String region) {
    return new Caller(new AccountId(account), new Region(region), new Identity.Root(), "AKIDEXAMPLE");
  }

  private static InputStream body(String content) {
    return new ByteArrayInputStream(content.getBytes(StandardCharsets.UTF_8));
  }

  private static String text(Map<String, Object> answer) throws IOException {
    try (InputStream body = (InputStream) answer.get("Body")) {
      return new String(body.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static void assertFault(String code, int status, ThrowingCallable call) {
    assertThatThrownBy(call).isInstanceOfSatisfying(Fault.class, fault -> {
      assertThat(fault.code()).isEqualTo(code);
      assertThat(fault.status()).isEqualTo(status);
    });
  }
}
