package dev.atelier.kms;

import dev.atelier.kernel.AccountId;
import dev.atelier.kernel.Arn;
import dev.atelier.kernel.Region;
import java.time.Instant;
import java.util.Optional;

/**
 * A symmetric encryption key as its row has it; the material lies apart.
 *
 * @param id the UUID that ends the key's ARN
 * @param policy the key policy, JSON
 * @param rotation automatic rotation, when it is on
 * @param deletion the scheduled deletion, when there is one
 */
public record Key(String id, AccountId account, Region region, Manager manager, String description, String policy,
    boolean enabled, Instant created, Optional<Rotation> rotation, Optional<Deletion> deletion) {

  /** Who looks after a key: its account, or AWS for a service that encrypts in the account's name. */
  public enum Manager { CUSTOMER, AWS }

  /** New material every so many days, counted from the last rotation and not before {@code since}. */
  public record Rotation(int days, Instant since) {}

  /** When the key goes, and how many days of waiting were asked for. */
  public record Deletion(Instant at, int days) {}

  public Arn arn() {
    return Arn.of("kms", region, account, "key/" + id);
  }

  /** KMS's word for the state: Enabled, Disabled or PendingDeletion. */
  public String state() {
    if (deletion.isPresent()) {
      return "PendingDeletion";
    }
    return enabled ? "Enabled" : "Disabled";
  }
}
