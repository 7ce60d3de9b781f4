package dev.atelier.identity;

import dev.atelier.kernel.AccountId;
import dev.atelier.kernel.Fault;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The rules of IAM roles. */
public final class Roles {
  private static final Duration SHORTEST = Duration.ofHours(1);
  private static final Duration LONGEST = Duration.ofHours(12);

  private final IdentityStore store;
  private final PolicyStore policies;
  private final RecordStore records;
  private final Boundaries boundaries;
  private final TrustPolicies trusts;
  private final Generation generation;
  private final Clock clock;

  Roles(IdentityStore store, PolicyStore policies, RecordStore records, Boundaries boundaries, TrustPolicies trusts,
      Generation generation, Clock clock) {
    this.store = store;
    this.policies = policies;
    this.records = records;
    this.boundaries = boundaries;
    this.trusts = trusts;
    this.generation = generation;
    this.clock = clock;
  }

  /**
   * What CreateRole asks for.
   *
   * @param trust the trust policy's document
   * @param service the service principal of a service-linked role
   */
  public record NewRole(String name, String path, String trust, String description, Duration maxSession,
      Optional<String> boundary, Optional<String> service, List<EntityTags.Tag> tags) {

    public NewRole(String name, String path, String trust, String description, Duration maxSession) {
      this(name, path, trust, description, maxSession, Optional.empty(), Optional.empty(), List.of());
    }
  }

  public Role create(AccountId account, NewRole wanted) {
    Map<String, String> trusted = checkTrust(wanted.trust());
    checkDuration(wanted.maxSession());
    EntityTags.check(wanted.tags());
    Quota.ROLES.requireRoom(store.countRoles(account));
    Role role = new Role(account, wanted.name(), wanted.path(), UniqueId.of("AROA"), wanted.trust(),
        wanted.description(), wanted.maxSession(), wanted.boundary().map(boundaries::checked), wanted.service(),
        clock.instant());
    if (!store.insertRole(role, trusted, wanted.tags())) {
      throw Users.entityExists("Role with name " + wanted.name() + " already exists.");
    }
    return role;
  }

  private Map<String, String> checkTrust(String document) {
    Map<String, String> trusted = trusts.check(document);
    Quota.TRUST_SIZE.requireFits(ManagedPolicies.size(document));
    return trusted;
  }

  private static void checkDuration(Duration maxSession) {
    if (maxSession.compareTo(SHORTEST) < 0 || maxSession.compareTo(LONGEST) > 0) {
      throw new Fault("ValidationError", 400, "The MaxSessionDuration must be between " + SHORTEST.toSeconds()
          + " and " + LONGEST.toSeconds() + " seconds.");
    }
  }

  public Role require(AccountId account, String name) {
    return store.findRole(account, name)
        .orElseThrow(() -> Users.noSuchEntity("The role with name " + name + " cannot be found."));
  }

  public List<Role> list(AccountId account) {
    return store.roles(account);
  }

  public void updateTrust(AccountId account, String name, String trust) {
    Role role = modifiable(require(account, name));
    store.updateTrust(role, trust, checkTrust(trust));
    generation.changed();
  }

  public Role update(AccountId account, String name, String description, Duration maxSession) {
    checkDuration(maxSession);
    store.updateRole(require(account, name), description, maxSession);
    generation.changed();
    return require(account, name);
  }

  public void setBoundary(AccountId account, String name, Optional<String> policyArn) {
    Role role = modifiable(require(account, name));
    if (policyArn.isEmpty() && role.boundary().isEmpty()) {
      throw Users.noSuchEntity("The role with name " + name + " has no permissions boundary attached.");
    }
    store.setBoundary(role, policyArn.map(boundaries::checked));
    generation.changed();
  }

  /** Deletes a role that holds no policies, as IAM demands; its sessions end with it. */
  public void delete(AccountId account, String name) {
    Role role = modifiable(require(account, name));
    boolean profiled = records.list(account, RecordStore.Kind.INSTANCE_PROFILE, InstanceProfiles.Profile.class).stream()
        .anyMatch(profile -> profile.value().role().equals(role.name()));
    if (profiled) {
      throw Users.deleteConflict("Cannot delete entity, must remove roles from instance profile first.");
    }
    Users.requireNoPolicies(policies, role);
    store.deleteRole(role);
    generation.changed();
  }

  /** Deletes a service-linked role with its policies. */
  void deleteServiceLinked(Role role) {
    store.deleteRole(role);
    generation.changed();
  }

  /** The role itself, unless it is a service's own to change. */
  static Role modifiable(Role role) {
    role.service().ifPresent(service -> {
      throw new Fault("UnmodifiableEntity", 400, "Cannot perform the operation on the protected role '" + role.name()
          + "' - this role is only modifiable by AWS");
    });
    return role;
  }
}
