package dev.atelier.identity;

import dev.atelier.kernel.AccountId;
import dev.atelier.kernel.Fault;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Roles that belong to one service, which alone may assume and change them. */
final class ServiceLinkedRoles {
  /** How services spell themselves in the names of their roles, where that is not their prefix with a capital. */
  private static final Map<String, String> NAMES = Map.of(
      "sagemaker", "AmazonSageMakerNotebooks", "autoscaling", "AutoScaling", "ecs", "ECS",
      "elasticloadbalancing", "ElasticLoadBalancing", "rds", "RDS", "events", "CloudWatchEvents",
      "sagemaker.application-autoscaling", "ApplicationAutoScaling_SageMakerEndpoint");

  private final Roles roles;
  private final RecordStore records;
  private final Clock clock;

  ServiceLinkedRoles(Roles roles, RecordStore records, Clock clock) {
    this.roles = roles;
    this.records = records;
    this.clock = clock;
  }

  Role create(AccountId account, String service, Optional<String> suffix, String description) {
    if (!service.matches("[a-z0-9][a-z0-9.-]*\\.amazonaws\\.com")) {
      throw new Fault("InvalidInput", 400, "Service name " + service + " is not valid.");
    }
    String name = name(service, suffix);
    String trust = """
        {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"Service": ["%s"]}, \
        "Action": ["sts:AssumeRole"]}]}""".formatted(service);
    if (roles.list(account).stream().anyMatch(role -> role.name().equalsIgnoreCase(name))) {
      throw new Fault("InvalidInput", 400, "Service role name " + name
          + " has been taken in this account, please try a different suffix.");
    }
    return roles.create(account, new Roles.NewRole(name, "/aws-service-role/" + service + "/", trust, description,
        Duration.ofHours(1), Optional.empty(), Optional.of(service), List.of()));
  }

  /** What the role of a service is called. */
  static String name(String service, Optional<String> suffix) {
    String prefix = service.replaceFirst("\\.amazonaws\\.com$", "");
    return "AWSServiceRoleFor" + NAMES.getOrDefault(prefix, prefix.isEmpty() ? ""
        : prefix.substring(0, 1).toUpperCase(Locale.ROOT) + prefix.substring(1)) + suffix.map(each -> "_" + each).orElse("");
  }

  /** Deletes the role and returns the id of the deletion, which is over when this returns. */
  String delete(AccountId account, String name) {
    Role role = roles.require(account, name);
    String service = role.service().orElseThrow(() -> Users.noSuchEntity(
        "The service-linked role with name " + name + " cannot be found."));
    String task = "task/aws-service-role/" + service + "/" + role.name() + "/" + UUID.randomUUID();
    roles.deleteServiceLinked(role);
    records.insert(RecordStore.Kind.SERVICE_DELETION,
        new RecordStore.Entry<>(UniqueId.of("SLRD"), account, "", task, clock.instant(), ""), List.of());
    return task;
  }

  void requireDeletion(AccountId account, String task) {
    if (records.find(account, RecordStore.Kind.SERVICE_DELETION, task, String.class).isEmpty()) {
      throw Users.noSuchEntity("Deletion task " + task + " cannot be found.");
    }
  }
}
