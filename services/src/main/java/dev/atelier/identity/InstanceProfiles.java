package dev.atelier.identity;

import dev.atelier.identity.RecordStore.Entry;
import dev.atelier.identity.RecordStore.Kind;
import dev.atelier.kernel.AccountId;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

/** The rules of instance profiles: containers of at most one role, which no machine here takes up. */
final class InstanceProfiles {
  private final RecordStore records;
  private final Roles roles;
  private final Clock clock;

  InstanceProfiles(RecordStore records, Roles roles, Clock clock) {
    this.records = records;
    this.roles = roles;
    this.clock = clock;
  }

  /** @param role the name of the role, or empty */
  record Profile(String path, String role) {}

  Entry<Profile> create(AccountId account, String name, String path, List<EntityTags.Tag> tags) {
    EntityTags.check(tags);
    Quota.INSTANCE_PROFILES.requireRoom(records.count(account, Kind.INSTANCE_PROFILE));
    Entry<Profile> profile =
        new Entry<>(UniqueId.of("AIPA"), account, "", name, clock.instant(), new Profile(path, ""));
    if (!records.insert(Kind.INSTANCE_PROFILE, profile, tags)) {
      throw Users.entityExists("Instance Profile " + name + " already exists.");
    }
    return profile;
  }

  Entry<Profile> require(AccountId account, String name) {
    return records.find(account, Kind.INSTANCE_PROFILE, name, Profile.class)
        .orElseThrow(() -> Users.noSuchEntity("Instance Profile " + name + " cannot be found."));
  }

  List<Entry<Profile>> list(AccountId account) {
    return records.list(account, Kind.INSTANCE_PROFILE, Profile.class);
  }

  Optional<Role> role(Entry<Profile> profile) {
    return profile.value().role().isEmpty() ? Optional.empty()
        : Optional.of(roles.require(profile.account(), profile.value().role()));
  }

  void addRole(AccountId account, String name, String roleName) {
    Entry<Profile> profile = require(account, name);
    Role role = Roles.modifiable(roles.require(account, roleName));
    if (!profile.value().role().isEmpty()) {
      throw Users.limitExceeded("InstanceSessionsPerInstanceProfile", 1);
    }
    records.update(profile.with(new Profile(profile.value().path(), role.name())));
  }

  void removeRole(AccountId account, String name, String roleName) {
    Entry<Profile> profile = require(account, name);
    if (!profile.value().role().equalsIgnoreCase(roleName)) {
      throw Users.noSuchEntity("The role with name " + roleName + " is not in the instance profile " + name + ".");
    }
    records.update(profile.with(new Profile(profile.value().path(), "")));
  }

  void delete(AccountId account, String name) {
    Entry<Profile> profile = require(account, name);
    if (!profile.value().role().isEmpty()) {
      throw Users.deleteConflict("Cannot delete entity, must remove roles from instance profile first.");
    }
    records.delete(profile);
  }
}
