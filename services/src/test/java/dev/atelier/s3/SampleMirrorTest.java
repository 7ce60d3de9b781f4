package dev.atelier.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atelier.identity.policy.PolicyDocument;
import dev.atelier.identity.policy.PolicyEvaluator;
import dev.atelier.identity.policy.PolicyEvaluator.NamedPolicy;
import dev.atelier.identity.policy.PolicyEvaluator.Policies;
import dev.atelier.identity.policy.RequestContext;
import dev.atelier.kernel.AccountId;
import dev.atelier.kernel.Fault;
import dev.atelier.kernel.Region;
import dev.atelier.objects.BodyChecks;
import dev.atelier.objects.Conditions;
import dev.atelier.objects.ObjectAttributes;
import dev.atelier.objects.ObjectReader;
import dev.atelier.objects.ObjectStore;
import dev.atelier.objects.SampleBuckets;
import dev.atelier.objects.StoredObject;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SampleMirrorTest {
  private static final String FILES = "sagemaker-sample-files";
  private static final String OREGON = "sagemaker-sample-data-us-west-2";

  @TempDir Path root;
  private Path samples;
  private ObjectStore objects;

  @BeforeEach
  void open() throws IOException {
    samples = Files.createDirectory(root.resolve("samples"));
    objects = ObjectStore.open(root.resolve("store"), Clock.systemUTC());
  }

  @AfterEach
  void close() {
    objects.close();
  }

  private void apply() {
    new SampleMirror(objects).apply(Optional.of(samples));
  }

  private void write(String path, String text) throws IOException {
    Files.createDirectories(samples.resolve(path).getParent());
    Files.writeString(samples.resolve(path), text);
  }

  private List<String> keys(String bucket) {
    List<String> keys = new ArrayList<>();
    objects.each(bucket, "", object -> keys.add(object.key()));
    return keys;
  }

  private String text(String bucket, String key) throws IOException {
    try (ObjectReader reader = objects.open(bucket, key)) {
      return new String(reader.stream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void theBucketsAreWhatTheFolderHolds() throws IOException {
    write(FILES + "/datasets/tabular/abalone.csv", "1,2");
    write(FILES + "/empty", "");
    write(OREGON + "/a/b", "west");
    write("README", "not of a bucket");
    apply();
    assertThat(keys(FILES)).containsExactly("datasets/tabular/abalone.csv", "empty");
    assertThat(text(OREGON, "a/b")).isEqualTo("west");
    assertThat(objects.buckets().require(OREGON).region()).isEqualTo(new Region("us-west-2"));
    assertThat(objects.buckets().require(FILES).region()).isEqualTo(new Region("us-east-1"));

    Files.delete(samples.resolve(FILES + "/empty"));
    Files.delete(samples.resolve(OREGON + "/a/b"));
    Files.delete(samples.resolve(OREGON + "/a"));
    Files.delete(samples.resolve(OREGON));
    apply();
    assertThat(keys(FILES)).containsExactly("datasets/tabular/abalone.csv");
    assertThat(objects.buckets().find(OREGON)).isEmpty();

    new SampleMirror(objects).apply(Optional.empty());
    assertThat(objects.buckets().find(FILES)).isEmpty();
  }

  @Test
  void onlyChangedContentIsCopied() throws IOException {
    write(FILES + "/same", "as it was");
    write(FILES + "/touched", "as it was");
    write(FILES + "/changed", "first");
    apply();
    StoredObject same = objects.require(FILES, "same");
    StoredObject touched = objects.require(FILES, "touched");
    Files.setLastModifiedTime(samples.resolve(FILES + "/touched"), FileTime.from(Instant.EPOCH));
    // of the same length and time: a file that took another's place
    FileTime time = Files.getLastModifiedTime(samples.resolve(FILES + "/changed"));
    Path other = Files.writeString(root.resolve("other"), "other");
    Files.setLastModifiedTime(other, time);
    Files.move(other, samples.resolve(FILES + "/changed"), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    apply();
    assertThat(objects.require(FILES, "same").file()).isEqualTo(same.file());
    assertThat(objects.require(FILES, "touched").file()).isEqualTo(touched.file());
    assertThat(text(FILES, "changed")).isEqualTo("other");
  }

  @Test
  void unchangedFilesAreNotRead() throws IOException {
    write(FILES + "/a", "before");
    apply();
    // the same size, time and file: what a comparison without reading cannot see
    FileTime time = Files.getLastModifiedTime(samples.resolve(FILES + "/a"));
    Files.writeString(samples.resolve(FILES + "/a"), "behind");
    Files.setLastModifiedTime(samples.resolve(FILES + "/a"), time);
    apply();
    assertThat(text(FILES, "a")).isEqualTo("before");
  }

  @Test
  void linksLeadNowhere() throws IOException {
    Path secret = Files.createDirectory(root.resolve("secret"));
    Files.writeString(secret.resolve("key"), "secret");
    write(FILES + "/plain", "plain");
    Files.createSymbolicLink(samples.resolve(FILES + "/file"), secret.resolve("key"));
    Files.createSymbolicLink(samples.resolve(FILES + "/folder"), secret);
    Files.createSymbolicLink(samples.resolve(FILES + "/inside"), samples.resolve(FILES + "/plain"));
    apply();
    assertThat(keys(FILES)).containsExactly("plain");
    Files.createSymbolicLink(samples.resolve(OREGON), secret);
    assertThatThrownBy(this::apply).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("symbolic link");
    assertThat(objects.buckets().find(OREGON)).isEmpty();
  }

  @Test
  void onlyAwsNamesAreTaken() throws IOException {
    for (String name : List.of("my-data", "sagemaker-sample-data-", "sagemaker-sample-data-Moon", "sagemaker-sample-file",
        "sagemaker-sample-files-us-east-1", "sagemaker-example-files-prod-us_east_1")) {
      Path folder = Files.createDirectory(samples.resolve(name));
      assertThatThrownBy(this::apply).isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining(folder + " is none of the sample buckets");
      Files.delete(folder);
    }
    write("sagemaker-example-files-prod-eu-west-1/k", "v");
    apply();
    assertThat(keys("sagemaker-example-files-prod-eu-west-1")).containsExactly("k");
  }

  @Test
  void anAccountsOwnBucketOfTheNameStays() throws IOException {
    objects.buckets().create(FILES, new AccountId("123456789012"), new Region("us-east-1"));
    objects.put(FILES, "mine", new ByteArrayInputStream(new byte[1]), ObjectAttributes.NONE, BodyChecks.NONE,
        Conditions.NONE);
    write(FILES + "/theirs", "x");
    assertThatThrownBy(this::apply).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("123456789012");
    new SampleMirror(objects).apply(Optional.empty());
    assertThat(keys(FILES)).containsExactly("mine");
    assertThatThrownBy(() -> objects.require(FILES, "none")).hasMessage("The specified key does not exist.");
  }

  @Test
  void whatIsMissingSaysSo() throws IOException {
    write(FILES + "/there", "x");
    apply();
    assertFault("NoSuchKey", "put it there as sagemaker-sample-files/datasets/x.csv ",
        () -> objects.require(FILES, "datasets/x.csv"));
    assertThatThrownBy(() -> objects.require(FILES, "../x")).hasMessageNotContaining("../x");
    assertFault("NoSuchBucket", "sampleBuckets folder that has a folder sagemaker-sample-data-us-west-2",
        () -> objects.require(OREGON, "k"));
    assertThatThrownBy(() -> objects.require("other", "k")).hasMessage("The specified bucket does not exist");
  }

  private static void assertFault(String code, String part, org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    assertThatThrownBy(call).hasMessageContaining(part)
        .isInstanceOfSatisfying(Fault.class, fault -> assertThat(fault.code()).isEqualTo(code));
  }

  @Test
  void everybodyReadsAndNobodyWrites() throws IOException {
    write(FILES + "/k", "x");
    apply();
    String policy = objects.buckets().document(FILES, BucketDocumentApi.POLICY).orElseThrow();
    String object = "arn:aws-cn:s3:::" + FILES + "/k";
    String bucket = "arn:aws:s3:::" + FILES;
    assertThat(allowed(policy, "s3:GetObject", object, false)).isTrue();
    assertThat(allowed(policy, "s3:ListBucket", bucket, false)).isTrue();
    for (boolean owner : List.of(false, true)) {
      for (String action : List.of("s3:PutObject", "s3:DeleteObject", "s3:PutObjectTagging", "s3:AbortMultipartUpload")) {
        assertThat(allowed(policy, action, object, owner)).as(action).isFalse();
      }
      for (String action : List.of("s3:PutBucketPolicy", "s3:DeleteBucketPolicy", "s3:DeleteBucket")) {
        assertThat(allowed(policy, action, bucket, owner)).as(action).isFalse();
      }
    }
  }

  /** Decides for nobody in particular, or for the root user of the account that owns the bucket. */
  private static boolean allowed(String policy, String action, String resource, boolean owner) {
    NamedPolicy named = new NamedPolicy("bucket policy", PolicyDocument.parse(policy, PolicyDocument.Kind.RESOURCE));
    Map<String, List<String>> keys = owner ? Map.of("aws:principalarn",
        List.of("arn:aws:iam::" + SampleBuckets.OWNER + ":root"), "aws:principalaccount",
        List.of(SampleBuckets.OWNER.value())) : Map.of();
    return PolicyEvaluator.evaluate(new RequestContext(action, resource, keys),
        new Policies(List.of(), List.of(), Optional.empty(), Optional.of(named), true, owner)).allowed();
  }
}
