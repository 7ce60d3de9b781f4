package dev.atelier.objects;

import dev.atelier.kernel.AccountId;
import java.util.Optional;

/**
 * Whose an object is and whom else its owner lets in; only buckets with ACLs look at it.
 *
 * @param owner empty for the bucket's owner
 * @param acl the grants as the service wrote them; empty for the owner's alone
 */
public record Ownership(Optional<AccountId> owner, Optional<String> acl) {
  /** The bucket's owner, who lets nobody in. */
  public static final Ownership OF_BUCKET = new Ownership(Optional.empty(), Optional.empty());

  public Ownership withAcl(String other) {
    return new Ownership(owner, Optional.of(other));
  }
}
