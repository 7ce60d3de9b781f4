package dev.atelier.identity;

import dev.atelier.kernel.AccountId;
import dev.atelier.kernel.Arn;
import dev.atelier.kernel.Partition;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * An IAM role.
 *
 * @param path begins and ends with a slash
 * @param trust the trust policy's document
 * @param maxSession the longest session that AssumeRole grants
 * @param boundary the ARN of the managed policy that bounds the role's rights
 * @param service the service principal that a service-linked role is tied to
 */
public record Role(
    AccountId account,
    String name,
    String path,
    String id,
    String trust,
    String description,
    Duration maxSession,
    Optional<String> boundary,
    Optional<String> service,
    Instant createdAt)
    implements Holder {

  public Arn arn(Partition partition) {
    return Arn.global(partition, "iam", account, "role" + path + name);
  }

  @Override
  public Principal principal() {
    return new Principal(account, Principal.Kind.ROLE, name);
  }
}
