package dev.atelier.ecr;

import dev.atelier.kernel.AccountId;
import dev.atelier.kernel.Arn;
import dev.atelier.kernel.Region;
import java.time.Instant;
import java.util.Optional;

/**
 * A repository.
 *
 * @param id its own for ever: one that is made anew under the name is another
 * @param policy who may use it, JSON
 * @param lifecycle which images expire, JSON
 * @param evaluated when the lifecycle policy was last applied
 */
public record Repository(
    String id,
    AccountId account,
    Region region,
    String name,
    Instant created,
    TagRule tagRule,
    boolean scanOnPush,
    Encryption encryption,
    Optional<String> policy,
    Optional<String> lifecycle,
    Optional<Instant> evaluated) {

  /**
   * What the layers are encrypted with.
   *
   * @param type AES256, KMS or KMS_DSSE
   * @param kmsKey the ARN of the key of KMS
   * @param dataKey the key of the contents: sealed by the server's master key, or by the key of KMS
   */
  record Encryption(String type, Optional<String> kmsKey, String dataKey) {
    @Override
    public String toString() {
      return "Encryption[" + type + "]";
    }
  }

  public Arn arn() {
    return arn(account, region, name);
  }

  static Arn arn(AccountId account, Region region, String name) {
    return Arn.of("ecr", region, account, "repository/" + name);
  }

  /** What images are called by docker. */
  String uri() {
    return account + ".dkr.ecr." + region + "." + region.partition().dnsSuffix() + "/" + name;
  }

  Repository withTagRule(TagRule other) {
    return new Repository(id, account, region, name, created,
        other, scanOnPush, encryption, policy, lifecycle, evaluated);
  }

  Repository withScanOnPush(boolean other) {
    return new Repository(id, account, region, name, created,
        tagRule, other, encryption, policy, lifecycle, evaluated);
  }

  Repository withPolicy(Optional<String> other) {
    return new Repository(id, account, region, name, created,
        tagRule, scanOnPush, encryption, other, lifecycle, evaluated);
  }

  Repository withLifecycle(Optional<String> other, Optional<Instant> when) {
    return new Repository(id, account, region, name, created,
        tagRule, scanOnPush, encryption, policy, other, when);
  }
}
