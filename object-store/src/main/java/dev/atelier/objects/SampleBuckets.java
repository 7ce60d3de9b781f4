package dev.atelier.objects;

import dev.atelier.kernel.AccountId;
import dev.atelier.kernel.Fault;
import dev.atelier.kernel.Region;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The public buckets of sample data that AWS has for every account, and what is said about those that are not here. */
public final class SampleBuckets {
  /** Their owner here; no caller belongs to it. */
  public static final AccountId OWNER = new AccountId("000000000001");

  private static final Pattern NAME =
      Pattern.compile("sagemaker-sample-files|sagemaker-(?:example-files-prod|sample-data)-(.+)");
  private static final Region FIRST = new Region("us-east-1");

  private SampleBuckets() {}

  /** The region of a sample bucket; empty for every other name. */
  public static Optional<Region> region(String bucket) {
    Matcher name = NAME.matcher(bucket);
    if (!name.matches()) {
      return Optional.empty();
    }
    return name.group(1) == null ? Optional.of(FIRST)
        : Optional.of(name.group(1)).filter(Region::isRegion).map(Region::new);
  }

  /** A sample bucket that was never seeded: AWS has it, so the message says why it is not here. */
  static Fault noSuchBucket(String bucket) {
    return new Fault("NoSuchBucket", 404, "The specified bucket does not exist. On AWS it holds sample data; this server "
        + "was not started with a sampleBuckets folder that has a folder " + bucket + ".", Map.of("BucketName", bucket));
  }

  /** A sample that AWS may have, but the folder has not. */
  static Fault noSuchKey(String bucket, String key) {
    return new Fault("NoSuchKey", 404, "The specified key does not exist. This sample is not in the configured "
        + "sampleBuckets folder" + (isPath(key) ? "; put it there as " + bucket + "/" + key + " and start the server "
        + "again." : "."), Map.of("Key", key));
  }

  /** Whether a file can have the key for its path. */
  private static boolean isPath(String key) {
    for (String part : key.split("/", -1)) {
      if (part.isEmpty() || part.equals(".") || part.equals("..") || part.chars().anyMatch(Character::isISOControl)) {
        return false;
      }
    }
    return true;
  }
}
