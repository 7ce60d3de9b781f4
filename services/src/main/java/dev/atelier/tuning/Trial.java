package dev.atelier.tuning;

import dev.atelier.kernel.Arn;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * One point that a tuning job tries, and the training job that tries it.
 *
 * @param number from 1, in order of choice
 * @param name of the training job
 * @param definition the place of its training job definition
 * @param tuned the values that were chosen
 * @param begun whether the training job was asked for
 * @param status TrainingJobStatus as the tuning job last saw it
 * @param objectiveStatus ObjectiveStatus
 * @param objective the final objective, which counts when objectiveStatus is Succeeded
 * @param stop why the tuning job ends it early; empty while it does not
 */
record Trial(
    int number,
    String name,
    int definition,
    Map<String, String> tuned,
    boolean begun,
    String status,
    String objectiveStatus,
    double objective,
    String stop,
    Optional<String> failureReason,
    Instant createdAt,
    Optional<Instant> startedAt,
    Optional<Instant> endedAt) {
  static final String PENDING = "Pending";
  static final String SUCCEEDED = "Succeeded";
  static final String NO_OBJECTIVE = "Failed";

  /** A trial whose training job is still to be asked for. */
  static Trial chosen(TuningJob job, int number, int definition, Map<String, String> tuned, Instant now) {
    return new Trial(number, name(job, number), definition, tuned, false, "InProgress", PENDING, 0, "",
        Optional.empty(), now, Optional.empty(), Optional.empty());
  }

  /** {@code <tuning job>-<number>-<8 hexadecimal digits>}: the same whenever it is asked for, and nobody else's. */
  private static String name(TuningJob job, int number) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(
          (job.arn() + "|" + job.createdAt().toEpochMilli() + "|" + number).getBytes(StandardCharsets.UTF_8));
      return "%s-%03d-%s".formatted(job.name(), number, HexFormat.of().formatHex(hash, 0, 4));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  static Arn arn(TuningJob job, String name) {
    return Arn.of("sagemaker", job.region(), job.account(), "training-job/" + name.toLowerCase(Locale.ROOT));
  }

  boolean ended() {
    return endedAt.isPresent();
  }

  boolean scored() {
    return objectiveStatus.equals(SUCCEEDED);
  }

  /** A failure that is the platform's, which another attempt might not have. */
  boolean failedByPlatform() {
    return status.equals("Failed") && failureReason.orElse("").startsWith("InternalServerError");
  }
}
