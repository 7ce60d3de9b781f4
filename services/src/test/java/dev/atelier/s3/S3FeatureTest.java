package dev.atelier.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atelier.identity.Authoriser.Access;
import dev.atelier.identity.policy.PolicyDocument;
import dev.atelier.kernel.AccountId;
import dev.atelier.kernel.Caller;
import dev.atelier.kernel.Fault;
import dev.atelier.kernel.Identity;
import dev.atelier.kernel.Region;
import dev.atelier.kernel.TrailedBody;
import dev.atelier.kms.KeyringBench;
import dev.atelier.objects.ObjectStore;
import dev.atelier.operation.OperationTable;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The registered operations, called as the dispatcher calls them: with checked documents. */
class S3FeatureTest {
  private static final Access READING = Access.of("s3:GetObject", "arn:aws:s3:::data/k");
  private static final AccountId ACCOUNT = new AccountId("123456789012");

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
  void creatingABucketAgainFollowsTheRegion() {
    call("CreateBucket", "Bucket", "data");
    assertFault("BucketAlreadyExists", 409, () -> call(caller("999999999999", "us-east-1"), "CreateBucket",
        "Bucket", "data"));
    Caller ireland = caller("123456789012", "eu-west-1");
    assertFault("IllegalLocationConstraintException", 400, () -> call(ireland, "CreateBucket", "Bucket", "irish"));
    Map<String, Object> location = Map.of("LocationConstraint", "eu-west-1");
    call(ireland, "CreateBucket", "Bucket", "irish", "CreateBucketConfiguration", location);
    assertFault("BucketAlreadyOwnedByYou", 409, () ->
        call(ireland, "CreateBucket", "Bucket", "irish", "CreateBucketConfiguration", location));
    assertThat(call("GetBucketLocation", "Bucket", "irish")).containsEntry("LocationConstraint", "eu-west-1");
    assertThat(call("GetBucketLocation", "Bucket", "data")).doesNotContainKey("LocationConstraint");
    assertThat(call(ireland, "HeadBucket", "Bucket", "irish")).containsEntry("BucketRegion", "eu-west-1");
    assertFault("AuthorizationHeaderMalformed", 400, () -> call("HeadBucket", "Bucket", "irish"));
    assertFault("PermanentRedirect", 301, () -> call(ireland, "ListObjectsV2", "Bucket", "data"));
    assertFault("InvalidLocationConstraint", 400, () -> call("CreateBucket", "Bucket", "other",
        "CreateBucketConfiguration", Map.of("LocationConstraint", "us-east-1")));
    assertFault("InvalidBucketName", 400, () -> call("CreateBucket", "Bucket", "Not_A_Name"));
    assertThat(names(call("ListBuckets"), "Buckets", "Name")).containsExactly("data", "irish");
    Map<String, Object> page = call("ListBuckets", "MaxBuckets", 1);
    assertThat(names(page, "Buckets", "Name")).containsExactly("data");
    assertThat(names(call("ListBuckets", "ContinuationToken", page.get("ContinuationToken")), "Buckets", "Name"))
        .containsExactly("irish");
    call(ireland, "DeleteBucket", "Bucket", "irish");
    assertFault("NoSuchBucket", 404, () -> call("HeadBucket", "Bucket", "irish"));
    assertThat(feature.holding("data", READING).orElseThrow().account()).isEqualTo(ACCOUNT);
    assertThat(feature.holding("irish", READING)).isEmpty();
  }

  @Test
  void objectComesBackAsItWasPut() throws IOException {
    Map<String, Object> put = call("PutObject", "Bucket", "data", "Key", "a/b c", "Body", body("hello"),
        "ContentLength", 5L, "ContentType", "text/plain", "ContentEncoding", "aws-chunked,gzip",
        "Metadata", Map.of("owner", "x"), "ServerSideEncryption", "aws:kms", "ChecksumCRC32", "NhCmhg==",
        "Tagging", "k=v%20w", "Expires", "some day");
    assertThat(put).containsEntry("ETag", "\"5d41402abc4b2a76b9719d911017c592\"").containsEntry("ChecksumCRC32",
        "NhCmhg==").containsEntry("ServerSideEncryption", "aws:kms").containsEntry("ChecksumType", "FULL_OBJECT");
    Map<String, Object> got = call("GetObject", "Bucket", "data", "Key", "a/b c", "ChecksumMode", "ENABLED",
        "ResponseContentType", "x/y");
    assertThat(got).containsEntry("ContentLength", 5L).containsEntry("ContentType", "x/y")
        .containsEntry("ContentEncoding", "gzip").containsEntry("Metadata", Map.of("owner", "x"))
        .containsEntry("TagCount", 1).containsEntry("ChecksumCRC32", "NhCmhg==")
        .containsEntry("Expires", "some day").doesNotContainKey("ContentRange");
    assertThat(text(got)).isEqualTo("hello");
    assertThat(call("HeadObject", "Bucket", "data", "Key", "a/b c")).containsEntry("ContentLength", 5L)
        .containsEntry("ContentType", "text/plain").doesNotContainKey("ChecksumCRC32");
    assertThat(names(call("GetObjectTagging", "Bucket", "data", "Key", "a/b c"), "TagSet", "Value"))
        .containsExactly("v w");
    assertFault("NoSuchKey", 404, () -> call("GetObject", "Bucket", "data", "Key", "none"));
    assertFault("AccessDenied", 403, () -> call("GetObject", "Bucket", "data", "Key", "a/b c",
        "ExpectedBucketOwner", "999999999999"));
    assertThat(call("GetObjectAttributes", "Bucket", "data", "Key", "a/b c", "ObjectAttributes",
        List.of("ETag", "ObjectSize"))).containsEntry("ObjectSize", 5L)
        .containsEntry("ETag", "5d41402abc4b2a76b9719d911017c592").doesNotContainKey("Checksum");
  }

  @ParameterizedTest
  @CsvSource({"bytes=0-0, h, bytes 0-0/5", "bytes=1-, ello, bytes 1-4/5", "bytes=-2, lo, bytes 3-4/5",
      "bytes=3-99999999999999999999, lo, bytes 3-4/5", "bytes=-99, hello, bytes 0-4/5"})
  void rangesAreServed(String range, String content, String contentRange) throws IOException {
    put("k", "hello");
    Map<String, Object> got = call("GetObject", "Bucket", "data", "Key", "k", "Range", range);
    assertThat(text(got)).isEqualTo(content);
    assertThat(got).containsEntry("ContentRange", contentRange).containsEntry("ContentLength", (long) content.length());
  }

  @Test
  void oddRangesAreRefusedOrPassedOver() throws IOException {
    put("k", "hello");
    put("empty", "");
    for (String range : List.of("bytes=5-", "bytes=9-10", "bytes=-0")) {
      assertFault("InvalidRange", 416, () -> call("GetObject", "Bucket", "data", "Key", "k", "Range", range));
    }
    assertFault("InvalidRange", 416, () -> call("GetObject", "Bucket", "data", "Key", "empty", "Range", "bytes=0-"));
    for (String range : List.of("bytes=3-1", "lines=0-1", "bytes=0-1,3-4", "bytes=-")) {
      Map<String, Object> got = call("GetObject", "Bucket", "data", "Key", "k", "Range", range);
      assertThat(got).doesNotContainKey("ContentRange");
      assertThat(text(got)).isEqualTo("hello");
    }
    assertFault("InvalidPartNumber", 416, () -> call("HeadObject", "Bucket", "data", "Key", "k", "PartNumber", 2));
  }

  @Test
  void conditionalReadsAndWrites() {
    put("k", "hello");
    String etag = "\"5d41402abc4b2a76b9719d911017c592\"";
    Instant now = Instant.now().plusSeconds(60);
    Instant past = Instant.EPOCH;
    head("IfMatch", etag, "IfUnmodifiedSince", past);
    head("IfNoneMatch", "\"other\"", "IfModifiedSince", now);
    assertFault("NotModified", 304, () -> head("IfNoneMatch", etag));
    assertFault("NotModified", 304, () -> head("IfModifiedSince", now));
    assertFault("PreconditionFailed", 412, () -> head("IfMatch", "\"other\""));
    assertFault("PreconditionFailed", 412, () -> head("IfUnmodifiedSince", past));
    assertFault("PreconditionFailed", 412, () -> call("PutObject", "Bucket", "data", "Key", "k", "IfNoneMatch", "*",
        "Body", body("x")));
    assertFault("PreconditionFailed", 412, () -> call("CopyObject", "Bucket", "data", "Key", "c", "CopySource",
        "data/k", "CopySourceIfNoneMatch", etag));
    assertFault("PreconditionFailed", 412, () -> call("DeleteObject", "Bucket", "data", "Key", "k", "IfMatch", "\"o\""));
  }

  @Test
  void bodiesAreHeldAgainstTheirChecksums() {
    assertFault("BadDigest", 400, () -> call("PutObject", "Bucket", "data", "Key", "k", "Body", body("hello"),
        "ChecksumCRC32", "AAAAAA=="));
    assertFault("InvalidDigest", 400, () -> call("PutObject", "Bucket", "data", "Key", "k", "Body", body("hello"),
        "ContentMD5", "abc"));
    assertFault("InvalidRequest", 400, () -> call("PutObject", "Bucket", "data", "Key", "k", "Body", body("hello"),
        "ChecksumCRC32", "NhCmhg==", "ChecksumSHA1", "x"));
    assertFault("BadDigest", 400, () -> call("PutObject", "Bucket", "data", "Key", "k",
        "Body", new Trailed("hello", "AAAAAA=="), "ContentLength", 99L));
    assertFault("NoSuchKey", 404, () -> call("HeadObject", "Bucket", "data", "Key", "k"));
    assertThat(call("PutObject", "Bucket", "data", "Key", "k", "Body", new Trailed("hello", "NhCmhg=="),
        "ContentLength", 99L)).containsEntry("ChecksumCRC32", "NhCmhg==");
  }

  @Test
  void copiesTakeOrReplaceWhatIsSaid() throws IOException {
    call("PutObject", "Bucket", "data", "Key", "ä+b", "Body", body("hello"), "Metadata", Map.of("a", "1"),
        "Tagging", "t=1");
    call("CopyObject", "Bucket", "data", "Key", "kept", "CopySource", "/data/%C3%A4+b");
    assertThat(call("HeadObject", "Bucket", "data", "Key", "kept")).containsEntry("Metadata", Map.of("a", "1"))
        .containsEntry("TagCount", 1);
    call("CopyObject", "Bucket", "data", "Key", "ä+b", "CopySource", "data/%C3%A4%2Bb", "MetadataDirective", "REPLACE",
        "TaggingDirective", "REPLACE", "Metadata", Map.of("b", "2"), "ContentType", "text/css");
    Map<String, Object> got = call("GetObject", "Bucket", "data", "Key", "ä+b");
    assertThat(got).containsEntry("Metadata", Map.of("b", "2")).containsEntry("ContentType", "text/css")
        .doesNotContainKey("TagCount");
    assertThat(text(got)).isEqualTo("hello");
    assertFault("InvalidRequest", 400, () -> call("CopyObject", "Bucket", "data", "Key", "kept", "CopySource",
        "data/kept"));
    assertFault("InvalidArgument", 400, () -> call("CopyObject", "Bucket", "data", "Key", "x", "CopySource", "data"));
    assertFault("NoSuchKey", 404, () -> call("CopyObject", "Bucket", "data", "Key", "x", "CopySource", "data/none"));
    assertFault("NoSuchBucket", 404, () -> call("CopyObject", "Bucket", "data", "Key", "x", "CopySource", "no/ne"));
  }

  @Test
  void bothListingsPageThroughKeysAndPrefixes() {
    List.of("a", "d/1", "d/2", "e e", "f/1", "g\u0001").forEach(key -> put(key, key));
    List<String> second = new ArrayList<>();
    Object token = null;
    do {
      Map<String, Object> page = call("ListObjectsV2", "Bucket", "data", "Delimiter", "/", "MaxKeys", 1,
          "ContinuationToken", token, "EncodingType", "url");
      assertThat(page).containsEntry("KeyCount", 1);
      second.addAll(names(page, "Contents", "Key"));
      second.addAll(names(page, "CommonPrefixes", "Prefix"));
      token = page.get("NextContinuationToken");
    } while (token != null);
    assertThat(second).containsExactly("a", "d/", "e%20e", "f/", "g%01");
    List<String> first = new ArrayList<>();
    Object marker = null;
    do {
      Map<String, Object> page = call("ListObjects", "Bucket", "data", "Delimiter", "/", "MaxKeys", 2,
          "Marker", marker);
      first.addAll(names(page, "Contents", "Key"));
      first.addAll(names(page, "CommonPrefixes", "Prefix"));
      marker = page.get("NextMarker");
    } while (marker != null);
    assertThat(first).containsExactlyInAnyOrder("a", "d/", "e e", "f/", "g\u0001");
    assertThat(names(call("ListObjectsV2", "Bucket", "data", "Prefix", "d/", "StartAfter", "d/1"), "Contents", "Key"))
        .containsExactly("d/2");
    assertThat(call("ListObjectsV2", "Bucket", "data", "MaxKeys", 0)).containsEntry("IsTruncated", false);
    assertFault("InvalidArgument", 400, () -> call("ListObjectsV2", "Bucket", "data", "ContinuationToken", "%"));
    assertFault("InvalidArgument", 400, () -> call("ListObjectsV2", "Bucket", "data", "MaxKeys", -1));
    assertFault("InvalidArgument", 400, () -> call("ListObjects", "Bucket", "data", "EncodingType", "xml"));
  }

  @Test
  void manyObjectsAreDeletedAtOnce() {
    put("a", "1");
    put("b", "2");
    Map<String, Object> answer = call("DeleteObjects", "Bucket", "data", "Delete", Map.of("Objects", List.of(
        Map.of("Key", "a"), Map.of("Key", "absent"), Map.of("Key", "b", "ETag", "\"other\""))));
    assertThat(names(answer, "Deleted", "Key")).containsExactly("a", "absent");
    assertThat(names(answer, "Errors", "Code")).containsExactly("PreconditionFailed");
    assertThat(names(call("ListObjectsV2", "Bucket", "data"), "Contents", "Key")).containsExactly("b");
    assertFault("MalformedXML", 400, () -> call("DeleteObjects", "Bucket", "data", "Delete",
        Map.of("Objects", List.of())));
    assertFault("BucketNotEmpty", 409, () -> call("DeleteBucket", "Bucket", "data"));
  }

  @Test
  void multipartUploadBecomesAnObject() throws IOException {
    byte[] five = new byte[5 << 20];
    Object id = call("CreateMultipartUpload", "Bucket", "data", "Key", "big", "ChecksumAlgorithm", "CRC32",
        "ContentType", "x/y").get("UploadId");
    Map<String, Object> one = call("UploadPart", "Bucket", "data", "Key", "big", "UploadId", id, "PartNumber", 1,
        "Body", new ByteArrayInputStream(five));
    put("src", "0123456789");
    Map<?, ?> two = (Map<?, ?>) call("UploadPartCopy", "Bucket", "data", "Key", "big", "UploadId", id, "PartNumber", 2,
        "CopySource", "data/src", "CopySourceRange", "bytes=2-4").get("CopyPartResult");
    assertThat(one.get("ChecksumCRC32")).isNotNull();
    assertThat(names(call("ListMultipartUploads", "Bucket", "data"), "Uploads", "Key")).containsExactly("big");
    Map<String, Object> listed = call("ListParts", "Bucket", "data", "Key", "big", "UploadId", id, "MaxParts", 1);
    assertThat(listed).containsEntry("IsTruncated", true).containsEntry("NextPartNumberMarker", 1);
    Map<String, Object> parts = Map.of("Parts", List.of(
        Map.of("PartNumber", 1, "ETag", one.get("ETag"), "ChecksumCRC32", one.get("ChecksumCRC32")),
        Map.of("PartNumber", 2, "ETag", two.get("ETag"), "ChecksumCRC32", two.get("ChecksumCRC32"))));
    assertFault("InvalidRequest", 400, () -> call("CompleteMultipartUpload", "Bucket", "data", "Key", "big",
        "UploadId", id, "MultipartUpload", parts, "MpuObjectSize", 3L));
    Map<String, Object> done = call("CompleteMultipartUpload", "Bucket", "data", "Key", "big", "UploadId", id,
        "MultipartUpload", parts);
    assertThat(done.get("ETag").toString()).endsWith("-2\"");
    assertThat(done).containsEntry("ChecksumType", "COMPOSITE");
    Map<String, Object> tail = call("GetObject", "Bucket", "data", "Key", "big", "PartNumber", 2);
    assertThat(text(tail)).isEqualTo("234");
    assertThat(tail).containsEntry("PartsCount", 2).containsEntry("ContentType", "x/y");
    assertFault("NoSuchUpload", 404, () -> call("AbortMultipartUpload", "Bucket", "data", "Key", "big",
        "UploadId", id));
    assertFault("InvalidArgument", 400, () -> call("UploadPartCopy", "Bucket", "data", "Key", "big", "UploadId", id,
        "PartNumber", 1, "CopySource", "data/src", "CopySourceRange", "bytes=2-40"));
  }

  @Test
  void suspendedAccelerationIsTold() {
    assertThat(call("GetBucketAccelerateConfiguration", "Bucket", "data")).doesNotContainKey("Status");
    assertFault("NotImplemented", 501, () -> call("PutBucketAccelerateConfiguration", "Bucket", "data",
        "AccelerateConfiguration", Map.of("Status", "Enabled")));
    assertFault("MalformedXML", 400, () -> call("PutBucketAccelerateConfiguration", "Bucket", "data",
        "AccelerateConfiguration", Map.of()));
    assertThat(call("GetBucketAccelerateConfiguration", "Bucket", "data")).doesNotContainKey("Status");
    call("PutBucketAccelerateConfiguration", "Bucket", "data", "AccelerateConfiguration",
        Map.of("Status", "Suspended"));
    assertThat(call("GetBucketAccelerateConfiguration", "Bucket", "data")).containsEntry("Status", "Suspended");
  }

  @Test
  void whatAlwaysRefusesIsNotSaidToWork() {
    put("k", "x");
    assertFault("InvalidRequest", 400, () -> call("PutObjectRetention", "Bucket", "data", "Key", "k",
        "Retention", Map.of("Mode", "GOVERNANCE")));
    assertFault("InvalidRequest", 400, () -> call("PutObjectLegalHold", "Bucket", "data", "Key", "k",
        "LegalHold", Map.of("Status", "ON")));
    assertThat(List.of("PutObjectRetention", "PutObjectLegalHold", "RestoreObject", "GetBucketWebsite"))
        .noneMatch(operation -> table.find("s3", operation).orElseThrow().works());
    assertThat(table.find("s3", "PutObject").orElseThrow().works()).isTrue();
  }

  @Test
  void bucketDocumentsAreStored() {
    assertFault("NoSuchBucketPolicy", 404, () -> call("GetBucketPolicy", "Bucket", "data"));
    assertFault("MalformedPolicy", 400, () -> call("PutBucketPolicy", "Bucket", "data", "Policy", "nonsense"));
    String policy = "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":\"*\","
        + "\"Action\":\"s3:GetObject\",\"Resource\":\"arn:aws:s3:::data/*\"}]}";
    assertFault("AccessDeniedException", 400, () -> call("PutBucketPolicy", "Bucket", "data", "Policy", policy));
    call("DeletePublicAccessBlock", "Bucket", "data");
    call("PutBucketPolicy", "Bucket", "data", "Policy", policy);
    assertThat(call("GetBucketPolicy", "Bucket", "data")).containsEntry("Policy", policy);
    assertThat(feature.holding("data", READING).orElseThrow().policy())
        .contains(PolicyDocument.parse(policy, PolicyDocument.Kind.RESOURCE));
    call("DeleteBucketPolicy", "Bucket", "data");
    assertFault("NoSuchTagSet", 404, () -> call("GetBucketTagging", "Bucket", "data"));
    call("PutBucketTagging", "Bucket", "data", "Tagging", Map.of("TagSet", List.of(Map.of("Key", "k", "Value", "v"))));
    assertThat(names(call("GetBucketTagging", "Bucket", "data"), "TagSet", "Key")).containsExactly("k");
    Map<String, Object> rules = Map.of("Rules", List.of(Map.of("ApplyServerSideEncryptionByDefault",
        Map.of("SSEAlgorithm", "aws:kms"), "BucketKeyEnabled", true)));
    assertFault("ServerSideEncryptionConfigurationNotFoundError", 404, () ->
        call("GetBucketEncryption", "Bucket", "data"));
    call("PutBucketEncryption", "Bucket", "data", "ServerSideEncryptionConfiguration", rules);
    assertThat(call("GetBucketEncryption", "Bucket", "data"))
        .containsEntry("ServerSideEncryptionConfiguration", rules);
    assertFault("InvalidArgument", 400, () -> encryptByDefault(Map.of("SSEAlgorithm", "AES256", "KMSMasterKeyID", "k")));
    assertFault("MalformedXML", 400, () -> call("PutBucketEncryption", "Bucket", "data",
        "ServerSideEncryptionConfiguration", Map.of("Rules", List.of(Map.of("BucketKeyEnabled", true)))));
    assertThat(call("GetBucketVersioning", "Bucket", "data")).isEmpty();
    assertThat(names(call("GetBucketAcl", "Bucket", "data"), "Grants", "Permission")).containsExactly("FULL_CONTROL");
    assertFault("AccessControlListNotSupported", 400, () -> call("PutObject", "Bucket", "data", "Key", "k",
        "ACL", "public-read", "Body", body("x")));
  }

  private Map<String, Object> encryptByDefault(Map<String, Object> choice) {
    return call("PutBucketEncryption", "Bucket", "data", "ServerSideEncryptionConfiguration",
        Map.of("Rules", List.of(Map.of("ApplyServerSideEncryptionByDefault", choice))));
  }

  /** A body as it leaves its framing: the checksum comes after it. */
  private static final class Trailed extends InputStream implements TrailedBody {
    private final String content;
    private final InputStream in;
    private final String checksum;
    private boolean ended;

    Trailed(String content, String checksum) {
      this.content = content;
      this.in = body(content);
      this.checksum = checksum;
    }

    @Override
    public int read() throws IOException {
      int value = in.read();
      ended = value < 0;
      return value;
    }

    @Override
    public long length() {
      return content.length();
    }

    @Override
    public Set<String> announced() {
      return Set.of("x-amz-checksum-crc32");
    }

    @Override
    public Optional<String> trailer(String name) {
      assertThat(ended).isTrue();
      return Optional.of(checksum).filter(value -> name.equals("x-amz-checksum-crc32"));
    }
  }

  private void put(String key, String content) {
    call("PutObject", "Bucket", "data", "Key", key, "Body", body(content));
  }

  private void head(Object... members) {
    List<Object> all = new ArrayList<>(List.of("Bucket", "data", "Key", "k"));
    all.addAll(List.of(members));
    call("HeadObject", all.toArray());
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

  private static List<String> names(Map<String, Object> answer, String list, String member) {
    return ((List<?>) answer.getOrDefault(list, List.of())).stream()
        .map(item -> (String) ((Map<?, ?>) item).get(member)).toList();
  }

  private static void assertFault(String code, int status, ThrowingCallable call) {
    assertThatThrownBy(call).isInstanceOfSatisfying(Fault.class, fault -> {
      assertThat(fault.code()).isEqualTo(code);
      assertThat(fault.status()).isEqualTo(status);
    });
  }
}
