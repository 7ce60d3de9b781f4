package dev.atelier.identity;

import dev.atelier.kernel.AccountId;
import dev.atelier.kernel.Arn;
import dev.atelier.kernel.Partition;
import java.time.Instant;
import java.util.Optional;

/**
 * An IAM user.
 *
 * @param path begins and ends with a slash
 * @param boundary the ARN of the managed policy that bounds the user's rights
 */
public record User(
    AccountId account, String name, String path, String id, Optional<String> boundary, Instant createdAt)
    implements Holder {

  public Arn arn(Partition partition) {
    return Arn.global(partition, "iam", account, "user" + path + name);
  }

  @Override
  public Principal principal() {
    return new Principal(account, Principal.Kind.USER, name);
  }
}
