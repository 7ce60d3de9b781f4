package dev.atelier.s3;

import dev.atelier.kernel.Fault;
import dev.atelier.kernel.Region;
import dev.atelier.objects.BodyChecks;
import dev.atelier.objects.Bucket;
import dev.atelier.objects.Buckets.Creation;
import dev.atelier.objects.Conditions;
import dev.atelier.objects.Deletion;
import dev.atelier.objects.ObjectAttributes;
import dev.atelier.objects.ObjectStore;
import dev.atelier.objects.SampleBuckets;
import dev.atelier.objects.StoredObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the public sample buckets what a folder {@code <bucket>/<key>} holds: readable by all, written by nobody. A file
 * that did not change since it was taken is not read again; a sample whose file is gone goes too.
 */
public final class SampleMirror {
  private static final Logger LOG = LoggerFactory.getLogger(SampleMirror.class);
  private static final String STAMPS = "sample-stamps";
  /** Whoever may read by an own policy, or is nobody, may read; nobody may do anything else. */
  private static final String POLICY = """
      {"Version": "2012-10-17", "Statement": [
        {"Sid": "PublicRead", "Effect": "Allow", "Principal": "*",
         "Action": ["s3:GetObject*", "s3:ListBucket", "s3:GetBucketLocation"],
         "Resource": ["arn:*:s3:::%1$s", "arn:*:s3:::%1$s/*"]},
        {"Sid": "NothingElse", "Effect": "Deny", "Principal": "*",
         "NotAction": ["s3:GetObject*", "s3:ListBucket", "s3:GetBucketLocation"],
         "Resource": ["arn:*:s3:::%1$s", "arn:*:s3:::%1$s/*"]}]}
      """;
  private static final int MOST_BUCKETS = 10_000;
  private static final int DELETED_AT_ONCE = 1000;

  private final ObjectStore objects;

  public SampleMirror(ObjectStore objects) {
    this.objects = objects;
  }

  /**
   * Applies the folder; without one there are no sample buckets.
   *
   * @throws IllegalArgumentException with a sentence about what is wrong with the folder
   */
  public void apply(Optional<Path> folder) {
    List<String> present = folder.map(this::fill).orElse(List.of());
    objects.buckets().list(SampleBuckets.OWNER, "", Optional.empty(), "", MOST_BUCKETS).stream().map(Bucket::name)
        .filter(name -> !present.contains(name)).forEach(this::remove);
  }

  private List<String> fill(Path path) {
    try (SampleFolder folder = SampleFolder.open(path)) {
      List<String> buckets = folder.buckets();
      for (String bucket : buckets) {
        if (SampleBuckets.region(bucket).isEmpty()) {
          throw new IllegalArgumentException(path.resolve(bucket) + " is none of the sample buckets "
              + "sagemaker-sample-files, sagemaker-example-files-prod-<region> and sagemaker-sample-data-<region>");
        }
      }
      for (String bucket : buckets) {
        create(bucket, SampleBuckets.region(bucket).orElseThrow());
        fill(folder, bucket);
      }
      return buckets;
    } catch (IOException | UncheckedIOException e) {
      throw new IllegalArgumentException(path + " cannot be read: " + reason(e), e);
    }
  }

  private static String reason(Exception failure) {
    Throwable cause = failure instanceof UncheckedIOException ? failure.getCause() : failure;
    return cause instanceof FileSystemException file
        ? file.getFile() + ": " + (file.getReason() == null ? file.getClass().getSimpleName() : file.getReason())
        : String.valueOf(cause.getMessage());
  }

  private void create(String bucket, Region region) {
    if (objects.buckets().create(bucket, SampleBuckets.OWNER, region,
        Map.of(ObjectOwnership.KIND, ObjectOwnership.ENFORCED.word())) instanceof Creation.Existed(Bucket existing)
        && !existing.account().equals(SampleBuckets.OWNER)) {
      throw new IllegalArgumentException("account " + existing.account().value() + " has a bucket " + bucket
          + " of its own; rename the folder or remove that bucket");
    }
    objects.buckets().putDocument(bucket, BucketDocumentApi.POLICY, POLICY.formatted(bucket));
  }

  private void fill(SampleFolder folder, String bucket) throws IOException {
    Map<String, String> before = objects.buckets().document(bucket, STAMPS).map(Tags::ofJson).orElse(Map.of());
    Map<String, String> after = new TreeMap<>();
    List<String> taken = new ArrayList<>();
    folder.each(bucket, sample -> {
      Optional<StoredObject> stored = objects.find(bucket, sample.key());
      boolean known = stored.isPresent() && sample.stamp().equals(before.get(sample.key()));
      if (!known && !(stored.isPresent() && stored.get().etag().equals(md5(sample)))) {
        put(bucket, sample);
        taken.add(sample.key());
      }
      after.put(sample.key(), sample.stamp());
    });
    List<String> gone = new ArrayList<>();
    objects.each(bucket, "", object -> {
      if (!after.containsKey(object.key())) {
        gone.add(object.key());
      }
    });
    delete(bucket, gone);
    if (!after.equals(before)) {
      objects.buckets().putDocument(bucket, STAMPS, Tags.json(after));
    }
    if (!taken.isEmpty() || !gone.isEmpty()) {
      LOG.info("sample bucket {}: {} of {} files taken, {} removed", bucket, taken.size(), after.size(), gone.size());
    }
  }

  private void put(String bucket, SampleFolder.Sample sample) throws IOException {
    try (InputStream content = sample.content().open()) {
      objects.put(bucket, sample.key(), content, ObjectAttributes.NONE, BodyChecks.NONE, Conditions.NONE);
    } catch (Fault e) {
      throw new IllegalArgumentException(bucket + "/" + sample.key() + " cannot be stored: " + e.getMessage(), e);
    }
  }

  private static String md5(SampleFolder.Sample sample) throws IOException {
    try (DigestInputStream content = new DigestInputStream(sample.content().open(), MessageDigest.getInstance("MD5"))) {
      content.transferTo(OutputStream.nullOutputStream());
      return HexFormat.of().formatHex(content.getMessageDigest().digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private void remove(String bucket) {
    List<String> keys = new ArrayList<>();
    objects.each(bucket, "", object -> keys.add(object.key()));
    delete(bucket, keys);
    objects.buckets().delete(bucket);
    LOG.info("sample bucket {} is removed: no folder holds it", bucket);
  }

  private void delete(String bucket, List<String> keys) {
    for (int from = 0; from < keys.size(); from += DELETED_AT_ONCE) {
      objects.delete(bucket, keys.subList(from, Math.min(from + DELETED_AT_ONCE, keys.size())).stream()
          .map(Deletion::of).toList());
    }
  }
}
