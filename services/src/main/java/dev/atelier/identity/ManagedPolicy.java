package dev.atelier.identity;

import dev.atelier.kernel.AccountId;
import dev.atelier.kernel.Arn;
import dev.atelier.kernel.Partition;
import java.time.Instant;

/** A customer managed policy; its documents are versions of it, the last change of the default is {@code updatedAt}. */
public record ManagedPolicy(
    AccountId account,
    String name,
    String path,
    String id,
    String description,
    int defaultVersion,
    Instant createdAt,
    Instant updatedAt) {

  public Arn arn(Partition partition) {
    return Arn.global(partition, "iam", account, "policy" + path + name);
  }
}
