package dev.atelier.studio;

import dev.atelier.kernel.AccountId;
import dev.atelier.kernel.Arn;
import dev.atelier.kernel.Region;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * An app as stored.
 *
 * @param domain the domain's id
 * @param owner the profile or space that it belongs to
 * @param userProfile the profile's name, unless it is a space's
 * @param space the space's name, unless it is a profile's
 * @param type such as {@code KernelGateway}
 * @param spec the resolved {@code ResourceSpec}; it names an instance type at least
 * @param recovery whether it starts in a clean environment
 * @param image what the image catalogue knows its image by; empty for the type's own image
 * @param version counts changes
 * @param attempt counts apps made under this name, each of which has a workload of its own
 * @param healthAt when its program answered last
 * @param activityAt when a user did something last
 */
record App(
    Arn arn,
    AccountId account,
    Region region,
    String domain,
    Arn domainArn,
    Arn owner,
    Optional<String> userProfile,
    Optional<String> space,
    String type,
    String name,
    Map<String, Object> spec,
    boolean recovery,
    Optional<String> image,
    AppState state,
    int version,
    int attempt,
    Instant createdAt,
    Instant modifiedAt,
    Optional<Instant> healthAt,
    Optional<Instant> activityAt,
    Optional<String> failureReason) {

  /** Such as {@code ml.t3.medium}, or {@code system}. */
  String instanceType() {
    return (String) spec.get("InstanceType");
  }
}
