package dev.atelier.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atelier.kernel.AccountId;
import dev.atelier.kernel.Fault;
import dev.atelier.objects.ChecksumAlgorithm;
import dev.atelier.objects.Encryption;
import dev.atelier.objects.StoredObject;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a job leaves is kept as if its role had put it. */
class RoleObjectsTest {
  private static final String FOREIGN = "b-foreign";
  private static final AccountId OWNER = new AccountId("999999999999");

  @TempDir Path root;
  private JobBench bench;

  @BeforeEach
  void open() {
    bench = JobBench.idle(root);
  }

  @AfterEach
  void close() throws Exception {
    bench.close();
  }

  private StoredObject put(String bucket) {
    return bench.roleObjects()
        .put(new S3Location(bucket, "k"), new ByteArrayInputStream("left".getBytes(StandardCharsets.UTF_8)));
  }

  private void foreign(String ownership) {
    bench.objects().buckets().create(FOREIGN, OWNER, JobBench.REGION, Map.of("ownership", ownership, "policy", """
        {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Principal": {"AWS": "%s"}, "Action": "s3:*",
          "Resource": ["arn:aws:s3:::b-foreign", "arn:aws:s3:::b-foreign/*"]}}""".formatted(JobBench.ROLE)));
  }

  @Test
  void theBucketsDefaultEncryptionAndTheDefaultChecksumHold() {
    assertThat(put(JobBench.BUCKET).attributes().encryption()).isEmpty();
    bench.objects().buckets().putDocument(JobBench.BUCKET, "encryption", """
        {"Rules": [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}]}""");
    StoredObject object = put(JobBench.BUCKET);
    assertThat(object.attributes().encryption().map(Encryption::algorithm)).contains("AES256");
    assertThat(object.attributes().encryption().flatMap(Encryption::sealedKey)).isPresent();
    assertThat(object.checksum().orElseThrow().algorithm()).isEqualTo(ChecksumAlgorithm.DEFAULT);
  }

  private List<String> read(String prefix) {
    List<String> keys = new ArrayList<>();
    bench.roleObjects().each(new S3Location(JobBench.BUCKET, prefix),
        (object, content, link) -> keys.add(object.key()));
    return keys;
  }

  @Test
  void eachOfManyObjectsMustBeOneThatTheRoleMayRead() {
    for (String key : List.of("in/a", "in/b", "in/folder/", "in/secret/c")) {
      bench.put(key, key.endsWith("/") ? "" : "text");
    }
    assertThat(read("in/")).containsExactly("in/a", "in/b", "in/secret/c");
    bench.deny("s3:GetObject", "in/secret/*");
    assertThat(read("in/b")).containsExactly("in/b");
    assertThatThrownBy(() -> read("in/")).isInstanceOf(Fault.class).hasMessageContaining("s3:GetObject")
        .hasMessageContaining("in/secret/c").hasMessageContaining("explicit deny");
    bench.objects().buckets().putDocument(JobBench.BUCKET, "policy", """
        {"Version": "2012-10-17", "Statement": {"Effect": "Deny", "Principal": "*", "Action": "s3:GetObject",
          "Resource": "arn:aws:s3:::data/in/b"}}""");
    assertThatThrownBy(() -> read("in/b")).isInstanceOf(Fault.class).hasMessageContaining("in/b");
    assertThat(read("in/a")).containsExactly("in/a");
  }

  private RoleObjects objects(String kmsKey) {
    return bench.roleObjects().encryptingWith(Optional.of(kmsKey));
  }

  @Test
  void policiesAskWhichPrefixIsListed() {
    bench.put("in/a", "text");
    bench.put("secret/b", "text");
    bench.state("""
        {"Effect": "Deny", "Action": "s3:ListBucket", "Resource": "*",
          "Condition": {"StringNotLike": {"s3:prefix": "in/*"}}}""");
    RoleObjects objects = bench.roleObjects();
    S3Location allowed = new S3Location(JobBench.BUCKET, "in/");
    List<String> listed = new ArrayList<>();
    objects.list(allowed, object -> listed.add(object.key()));
    assertThat(listed).containsExactly("in/a");
    assertThat(objects.first(allowed)).isPresent();
    assertThat(read("in/")).containsExactly("in/a");
    S3Location denied = new S3Location(JobBench.BUCKET, "secret/");
    assertThatThrownBy(() -> objects.list(denied, object -> { })).hasMessageContaining("s3:ListBucket");
    assertThatThrownBy(() -> objects.first(denied)).hasMessageContaining("s3:ListBucket");
    assertThatThrownBy(() -> read("")).hasMessageContaining("s3:ListBucket");
  }

  @Test
  void aBucketThatTakesOneKeyOfKmsAloneTakesWhatIsStoredUnderIt() {
    Map<?, ?> key = (Map<?, ?>) bench.call("kms", "CreateKey", Map.of()).get("KeyMetadata");
    bench.call("kms", "CreateAlias", Map.of("AliasName", "alias/models", "TargetKeyId", key.get("KeyId")));
    Map<?, ?> other = (Map<?, ?>) bench.call("kms", "CreateKey", Map.of()).get("KeyMetadata");
    bench.objects().buckets().putDocument(JobBench.BUCKET, "policy", """
        {"Version": "2012-10-17", "Statement": [
          {"Effect": "Deny", "Principal": "*", "Action": "s3:PutObject", "Resource": "arn:aws:s3:::data/*",
           "Condition": {"StringNotEquals": {"s3:x-amz-server-side-encryption": "aws:kms"}}},
          {"Effect": "Deny", "Principal": "*", "Action": "s3:PutObject", "Resource": "arn:aws:s3:::data/*",
           "Condition": {"StringNotEquals": {"s3:x-amz-server-side-encryption-aws-kms-key-id": "%s"}}}]}
        """.formatted(key.get("Arn")));
    for (String name : List.of("alias/models", (String) key.get("KeyId"), (String) key.get("Arn"))) {
      assertThat(put(objects(name)).attributes().encryption().flatMap(Encryption::keyId))
          .contains((String) key.get("Arn"));
    }
    assertThatThrownBy(() -> put(JobBench.BUCKET)).hasMessageContaining("s3:PutObject");
    assertThatThrownBy(() -> put(objects((String) other.get("KeyId")))).hasMessageContaining("s3:PutObject");
  }

  @Test
  void policiesAskForTheTagsOfWhatIsRead() {
    for (String key : List.of("in/a", "in/b", "in/c")) {
      bench.put(key, "text");
    }
    bench.call("s3", "PutObjectTagging", Map.of("Bucket", JobBench.BUCKET, "Key", "in/b",
        "Tagging", Map.of("TagSet", List.of(Map.of("Key", "Class", "Value", "secret")))));
    bench.state("""
        {"Effect": "Deny", "Action": "s3:GetObject", "Resource": "*",
          "Condition": {"StringEquals": {"s3:ExistingObjectTag/Class": "secret"}}}""");
    RoleObjects objects = bench.roleObjects();
    assertThatThrownBy(() -> read("in/")).hasMessageContaining("in/b");
    assertThatThrownBy(() -> objects.open(new S3Location(JobBench.BUCKET, "in/b"), 100)).hasMessageContaining("in/b");
    assertThat(read("in/a")).containsExactly("in/a");
  }

  @Test
  void whatIsDoneForAJobIsSignedAndComesByTls() {
    bench.put("in/a", "text");
    bench.state("""
        [{"Effect": "Deny", "Action": "s3:*", "Resource": "*",
          "Condition": {"BoolIfExists": {"aws:SecureTransport": "false"}}},
         {"Effect": "Deny", "Action": "s3:*", "Resource": "*",
          "Condition": {"StringNotEquals": {"s3:signatureversion": "AWS4-HMAC-SHA256"}}}]""");
    assertThat(read("in/")).containsExactly("in/a");
    assertThat(put(JobBench.BUCKET).size()).isEqualTo(4);
  }

  private StoredObject put(RoleObjects objects) {
    return objects.put(new S3Location(JobBench.BUCKET, "k"), new ByteArrayInputStream(new byte[] {1}));
  }

  @Test
  void theRolesAccountOwnsWhatItWritesIntoAnothersBucketWhereWritersDo() {
    foreign("ObjectWriter");
    assertThat(put(FOREIGN).attributes().ownership().owner()).isEqualTo(Optional.of(JobBench.ACCOUNT));
    assertThat(put(JobBench.BUCKET).attributes().ownership().owner()).isEmpty();
  }

  @Test
  void theBucketsOwnerOwnsEverythingWhereThatIsEnforced() {
    foreign("BucketOwnerEnforced");
    assertThat(put(FOREIGN).attributes().ownership().owner()).isEmpty();
  }

  @Test
  void aBucketThatLetsNobodyInTakesNothing() {
    bench.objects().buckets().create(FOREIGN, OWNER, JobBench.REGION);
    assertThatThrownBy(() -> put(FOREIGN)).isInstanceOfSatisfying(Fault.class,
        fault -> assertThat(fault.code()).startsWith("AccessDenied"));
    assertThat(bench.objects().find(FOREIGN, "k")).isEmpty();
  }
}
