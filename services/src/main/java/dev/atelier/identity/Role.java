package dev.atelier.identity;

import dev.atelier.kernel.AccountId;
import dev.atelier.kernel.Arn;
import dev.atelier.kernel.Partition;
import java.time.Duration;
import java.time.Instant;

/**
 * An IAM role.
 *
 * @param path begins and ends with a slash
 * @param trust the trust policy's document
 * @param maxSession the longest session that AssumeRole grants
 */
public record Role(
    AccountId account,
    String name,
    String path,
    String id,
    String trust,
    String description,
    Duration maxSession,
    Instant createdAt) {

  public Arn arn(Partition partition) {
    return Arn.global(partition, "iam", account, "role" + path + name);
  }
}
