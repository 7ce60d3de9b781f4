package dev.atelier.identity;

import dev.atelier.identity.policy.PolicyDocument;
import dev.atelier.kernel.AccountId;
import java.time.Clock;
import java.time.Duration;
import java.util.List;

/** The rules of IAM roles. */
public final class Roles {
  private final IdentityStore store;
  private final PolicyStore policies;
  private final Generation generation;
  private final Clock clock;

  Roles(IdentityStore store, PolicyStore policies, Generation generation, Clock clock) {
    this.store = store;
    this.policies = policies;
    this.generation = generation;
    this.clock = clock;
  }

  /**
   * What CreateRole asks for.
   *
   * @param trust the trust policy's document
   */
  public record NewRole(String name, String path, String trust, String description, Duration maxSession) {}

  public Role create(AccountId account, NewRole wanted) {
    PolicyDocument.parse(wanted.trust(), PolicyDocument.Kind.TRUST);
    Role role = new Role(account, wanted.name(), wanted.path(), UniqueId.of("AROA"), wanted.trust(),
        wanted.description(), wanted.maxSession(), clock.instant());
    if (!store.insertRole(role)) {
      throw Users.entityExists("Role with name " + wanted.name() + " already exists.");
    }
    return role;
  }

  public Role require(AccountId account, String name) {
    return store.findRole(account, name)
        .orElseThrow(() -> Users.noSuchEntity("The role with name " + name + " cannot be found."));
  }

  public List<Role> list(AccountId account) {
    return store.roles(account);
  }

  public void updateTrust(AccountId account, String name, String trust) {
    PolicyDocument.parse(trust, PolicyDocument.Kind.TRUST);
    store.updateTrust(require(account, name), trust);
    generation.changed();
  }

  public void update(AccountId account, String name, String description, Duration maxSession) {
    store.updateRole(require(account, name), description, maxSession);
    generation.changed();
  }

  /** Deletes a role that holds no policies, as IAM demands; its sessions end with it. */
  public void delete(AccountId account, String name) {
    Role role = require(account, name);
    Principal principal = new Principal(account, Principal.Kind.ROLE, role.name());
    if (!policies.attached(principal).isEmpty()) {
      throw Users.deleteConflict("Cannot delete entity, must detach all policies first.");
    }
    if (!policies.inline(principal).isEmpty()) {
      throw Users.deleteConflict("Cannot delete entity, must delete policies first.");
    }
    store.deleteRole(role);
    generation.changed();
  }

}
