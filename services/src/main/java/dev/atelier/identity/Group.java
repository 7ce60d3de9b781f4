package dev.atelier.identity;

import dev.atelier.kernel.AccountId;
import dev.atelier.kernel.Arn;
import dev.atelier.kernel.Partition;
import java.time.Instant;

/** A group of users, whose policies every member holds; {@code path} begins and ends with a slash. */
public record Group(AccountId account, String name, String path, String id, Instant createdAt) implements Holder {

  public Arn arn(Partition partition) {
    return Arn.global(partition, "iam", account, "group" + path + name);
  }

  @Override
  public Principal principal() {
    return new Principal(account, Principal.Kind.GROUP, name);
  }
}
