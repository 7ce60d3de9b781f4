package dev.atelier.studio;

import dev.atelier.kernel.AccountId;
import dev.atelier.kernel.Arn;
import dev.atelier.kernel.Caller;
import dev.atelier.kernel.Region;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * A resource of Studio as stored.
 *
 * @param parent the domain's id of a profile or space, the image's name of a version, else empty
 * @param number of an image version; what a profile or space has its user id from; else 0
 * @param document what Describe answers, without what the other components say
 * @param version counts changes
 */
record StudioResource(
    Arn arn,
    ResourceKind kind,
    AccountId account,
    Region region,
    String parent,
    String name,
    int number,
    Map<String, Object> document,
    ResourceState state,
    int version,
    Instant createdAt,
    Instant modifiedAt,
    Optional<String> failureReason) {
  private static final int FIRST_UID = 200_000;

  /** A new one of the caller's. */
  static StudioResource fresh(ResourceKind kind, Caller caller, String parent, String name,
      Map<String, Object> document, ResourceState state, Instant now) {
    Arn arn = kind.arn(caller, parent.isEmpty() ? name : parent + "/" + name);
    return new StudioResource(arn, kind, caller.account(), caller.region(), parent, name, 0, document, state, 0, now,
        now, Optional.empty());
  }

  StudioResource numbered(int given) {
    return new StudioResource(arn, kind, account, region, parent, name, given, document, state, version, createdAt,
        modifiedAt, failureReason);
  }

  /** The user id of a profile's or space's home, as AWS counts them. */
  int uid() {
    return FIRST_UID + number;
  }

  /** Whether something can be made inside it. */
  boolean usable() {
    return switch (state) {
      case IN_SERVICE, UPDATING, UPDATE_FAILED -> true;
      case PENDING, FAILED, DELETING, DELETE_FAILED -> false;
    };
  }

  String status() {
    return kind.status(state);
  }

  /** The reason that Describe shows: only where its state is a failure. */
  Optional<String> shownFailure() {
    return switch (state) {
      case FAILED, UPDATE_FAILED, DELETE_FAILED -> failureReason;
      case PENDING, IN_SERVICE, UPDATING, DELETING -> Optional.empty();
    };
  }

  Optional<String> text(String member) {
    return Optional.ofNullable((String) document.get(member));
  }

  /** A structure of the document; empty when it is not set. */
  @SuppressWarnings("unchecked")
  Map<String, Object> structure(String member) {
    return (Map<String, Object>) document.getOrDefault(member, Map.of());
  }
}
