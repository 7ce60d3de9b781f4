package dev.atelier.usage;

import dev.atelier.kernel.AccountId;
import dev.atelier.kernel.Arn;
import dev.atelier.kernel.Region;
import java.util.Optional;

/**
 * What a resource uses while it runs.
 *
 * @param share names the machine; resources of one share have it together, and it is counted once
 * @param kind such as {@code TrainingJob}
 * @param payer who it is for, where the resource says so itself
 * @param origin what was asked for: the resource itself, or what made it
 */
public record Use(String share, String kind, Arn resource, AccountId account, Region region, String instanceType,
    int instances, Optional<Payer> payer, Arn origin) {

  /** Of a resource that has its machines for itself. */
  public static Use own(String kind, Arn resource, AccountId account, Region region, String instanceType,
      int instances) {
    return new Use(resource.toString(), kind, resource, account, region, instanceType, instances, Optional.empty(),
        resource);
  }

  /** The same, made by something else, whose asker pays. */
  public Use madeBy(Arn maker) {
    return new Use(share, kind, resource, account, region, instanceType, instances, payer, maker);
  }
}
