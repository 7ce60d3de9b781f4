package dev.atelier.jobs;

import dev.atelier.compute.WorkloadId;
import dev.atelier.kernel.Arn;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;

/** Derives the id of an attempt: short, unique over all resources, the same after a restart. */
public final class WorkloadIds {
  private WorkloadIds() {}

  /**
   * The id.
   *
   * @param kind one letter for the kind of resource
   * @param createdAt tells resources apart that had the same name one after the other
   */
  public static WorkloadId of(String kind, Arn arn, Instant createdAt, int attempt) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256")
          .digest((arn + " " + createdAt.toEpochMilli()).getBytes(StandardCharsets.UTF_8));
      return new WorkloadId(kind + HexFormat.of().formatHex(digest, 0, 8) + "-" + attempt);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
