package dev.atelier.kms;

import dev.atelier.kernel.AccountId;
import dev.atelier.kernel.Arn;
import dev.atelier.kernel.Caller;
import dev.atelier.kernel.Fault;
import dev.atelier.kernel.Region;
import dev.atelier.kms.KeyStore.Alias;
import dev.atelier.kms.KeyStore.Material;
import dev.atelier.kms.KeyStore.Paging;
import dev.atelier.metadata.MetadataStore;
import dev.atelier.metadata.Page;
import dev.atelier.metadata.TagStore;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.jdbi.v3.core.Handle;

/** The keys of every account: made, named, changed and, after the days of waiting, gone. */
final class Keys {
  static final String ALIAS = "alias/";
  /** The services here that encrypt with a key of AWS's in the account's name; it appears when it is first needed. */
  private static final Set<String> AWS_MANAGED = Set.of("alias/aws/s3", "alias/aws/sagemaker", "alias/aws/ecr");
  private static final Pattern ID = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

  private final MetadataStore database;
  private final KeyStore store;
  private final TagStore tags;
  private final Materials materials;
  private final Clock clock;

  Keys(MetadataStore database, KeyStore store, TagStore tags, Materials materials, Clock clock) {
    this.database = database;
    this.store = store;
    this.tags = tags;
    this.materials = materials;
    this.clock = clock;
  }

  /** A key of the caller's account and region with its first material. */
  Key create(Caller caller, String description, Optional<String> policy, Map<String, String> tagged) {
    Key key = fresh(caller.account(), caller.region(), Key.Manager.CUSTOMER, description,
        policy.orElseGet(() -> KeyPolicies.ofAccount(caller.partition(), caller.account())));
    database.write(tx -> {
      insert(tx, key);
      tags.add(tx, key.arn().toString(), tagged);
      return key;
    });
    return key;
  }

  private Key fresh(AccountId account, Region region, Key.Manager manager, String description, String policy) {
    Instant now = Instant.ofEpochMilli(clock.millis());
    Optional<Key.Rotation> yearly = manager == Key.Manager.AWS
        ? Optional.of(new Key.Rotation(365, now)) : Optional.empty();
    return new Key(UUID.randomUUID().toString(), account, region, manager, description, policy, true, now, yearly,
        Optional.empty());
  }

  private void insert(Handle tx, Key key) {
    store.put(tx, key);
    store.addMaterial(tx, key.id(), materials.fresh(key.id(), 1, "CREATED"));
  }

  /** The key that AWS manages for a service in an account, made when it is not there. */
  Key managed(AccountId account, Region region, String alias) {
    return database.read(tx -> byAlias(tx, account, region, alias)).orElseGet(() -> database.write(tx ->
        byAlias(tx, account, region, alias).orElseGet(() -> {
          String service = alias.substring("alias/aws/".length());
          Key key = fresh(account, region, Key.Manager.AWS, "Default key that protects my " + service
              + " resources when no other key is defined", KeyPolicies.ofService(service, account, region));
          insert(tx, key);
          store.insertAlias(tx, new Alias(account, region, alias, key.id(), key.created(), key.created()));
          return key;
        })));
  }

  private Optional<Key> byAlias(Handle tx, AccountId account, Region region, String name) {
    return store.alias(tx, account, region, name).flatMap(alias -> store.find(tx, alias.keyId(), clock.instant()));
  }

  /**
   * The key that a request means by an id, an ARN, an alias or an alias's ARN.
   *
   * @throws Fault NotFoundException
   */
  Key require(Caller caller, String keyId) {
    Optional<Arn> arn = Arn.parse(keyId);
    if (arn.isPresent() && !(arn.get().service().equals("kms")
        && arn.get().region().equals(caller.region().name()) && arn.get().account().matches("\\d{12}"))) {
      throw KmsFault.notFound("Invalid arn " + (arn.get().service().equals("kms") ? arn.get().region() : keyId));
    }
    AccountId account = arn.map(Arn::account).map(AccountId::new).orElse(caller.account());
    String name = arn.map(Arn::resource).orElse(keyId);
    if (name.startsWith(ALIAS)) {
      if (AWS_MANAGED.contains(name) && account.equals(caller.account())) {
        return managed(account, caller.region(), name);
      }
      return database.read(tx -> byAlias(tx, account, caller.region(), name)).orElseThrow(() ->
          KmsFault.notFound("Alias " + Arn.of("kms", caller.region(), account, name) + " is not found."));
    }
    String id = name.startsWith("key/") ? name.substring("key/".length()) : name;
    if (!ID.matcher(id).matches() || arn.isPresent() && !name.startsWith("key/")) {
      throw KmsFault.notFound("Invalid keyId '" + keyId + "'");
    }
    return find(id).filter(key -> key.account().equals(account) && key.region().equals(caller.region()))
        .orElseThrow(() -> KmsFault.notFound("Key '" + Arn.of("kms", caller.region(), account, "key/" + id)
            + "' does not exist"));
  }

  Optional<Key> find(String id) {
    return database.read(tx -> store.find(tx, id, clock.instant()));
  }

  Page<Key> list(Caller caller, Paging paging) {
    return database.read(tx -> store.list(tx, caller.account(), caller.region(), paging));
  }

  /** Changes the present row; {@code change} sees it as it is then and may refuse. */
  Key change(Key key, UnaryOperator<Key> change) {
    return database.write(tx -> {
      Key changed = change.apply(store.find(tx, key.id(), clock.instant())
          .orElseThrow(() -> KmsFault.notFound("Key '" + key.arn() + "' does not exist")));
      store.put(tx, changed);
      return changed;
    });
  }

  /** Every generation of a key's material, the present one last. */
  List<Material> generations(Key key) {
    return database.read(tx -> store.materials(tx, key.id()));
  }

  Page<Material> rotations(Key key, Paging paging) {
    return database.read(tx -> store.rotations(tx, key.id(), paging));
  }

  /** Removes what fell due while no server ran, and since. */
  void purge() {
    database.write(tx -> {
      store.purge(tx, clock.instant());
      return true;
    });
  }

  /** Whether the name was free. */
  boolean addAlias(Caller caller, String name, Key key) {
    Instant now = clock.instant();
    return database.write(tx ->
        store.insertAlias(tx, new Alias(caller.account(), caller.region(), name, key.id(), now, now)));
  }

  Optional<Alias> alias(Caller caller, String name) {
    return database.read(tx -> store.alias(tx, caller.account(), caller.region(), name));
  }

  void moveAlias(Alias alias, Key key) {
    database.write(tx -> {
      store.moveAlias(tx, alias, key.id(), clock.instant());
      return true;
    });
  }

  void deleteAlias(Alias alias) {
    database.write(tx -> {
      store.deleteAlias(tx, alias);
      return true;
    });
  }

  Page<Alias> aliases(Caller caller, Optional<String> keyId, Paging paging) {
    return database.read(tx -> store.aliases(tx, caller.account(), caller.region(), keyId, paging));
  }

  void tag(Key key, Map<String, String> added) {
    database.write(tx -> {
      tags.add(tx, key.arn().toString(), added);
      return true;
    });
  }

  void untag(Key key, List<String> names) {
    database.write(tx -> {
      tags.delete(tx, key.arn().toString(), names);
      return true;
    });
  }

  Page<Map.Entry<String, String>> tags(Key key, Paging paging) {
    return database.read(tx -> tags.list(tx, key.arn().toString(), paging.limit(), paging.marker()));
  }
}
