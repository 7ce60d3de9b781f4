package dev.atelier.usage;

import dev.atelier.kernel.AccountId;
import dev.atelier.kernel.Arn;
import dev.atelier.kernel.Region;
import java.math.BigDecimal;
import java.util.Optional;

/**
 * What a resource uses while it runs.
 *
 * @param share names the machine; resources of one share have it together, and it is counted once
 * @param kind such as {@code TrainingJob}
 * @param payer who it is for, where the resource says so itself
 * @param origin what was asked for: the resource itself, or what made it
 * @param price of an instance's hour, in {@link Prices#currency}; empty where none is known
 */
public record Use(String share, String kind, Arn resource, AccountId account, Region region, String instanceType,
    int instances, Optional<Payer> payer, Arn origin, Optional<BigDecimal> price) {

  /** Of a resource that has its machines for itself, at the price of their type. */
  public static Use own(String kind, Arn resource, AccountId account, Region region, String instanceType,
      int instances) {
    return new Use(resource.toString(), kind, resource, account, region, instanceType, instances, Optional.empty(),
        resource, Prices.perHour(instanceType));
  }

  /** The same, made by something else, whose asker pays. */
  public Use madeBy(Arn maker) {
    return new Use(share, kind, resource, account, region, instanceType, instances, payer, maker, price);
  }

  /** The same at another price. */
  public Use at(Optional<BigDecimal> perHour) {
    return new Use(share, kind, resource, account, region, instanceType, instances, payer, origin, perHour);
  }
}
