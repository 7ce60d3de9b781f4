package dev.atelier.ecr;

import dev.atelier.identity.RequestAccess.Holding;
import dev.atelier.identity.policy.PolicyDocument;
import dev.atelier.kernel.AccountId;
import dev.atelier.kernel.Arn;
import dev.atelier.kernel.Caller;
import dev.atelier.kernel.Fault;
import dev.atelier.kernel.Region;
import dev.atelier.metadata.MetadataStore;
import dev.atelier.metadata.Page;
import dev.atelier.metadata.TagStore;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jdbi.v3.core.Handle;

/** The repositories of every account. */
final class Repositories {
  private static final String PREFIX = "repository/";

  private final MetadataStore database;
  private final RepositoryStore store;
  private final TagStore tags;
  private final LayerKeys keys;
  private final Clock clock;

  Repositories(MetadataStore database, RepositoryStore store, TagStore tags, LayerKeys keys, Clock clock) {
    this.database = database;
    this.store = store;
    this.tags = tags;
    this.keys = keys;
    this.clock = clock;
  }

  /** What a new repository shall be. */
  record Wish(String name, TagRule tagRule, boolean scanOnPush, String encryption, Optional<String> kmsKey,
      Map<String, String> tags) {}

  /** @throws Fault RepositoryAlreadyExistsException, KmsException, TooManyTagsException */
  Repository create(Caller caller, AccountId account, Wish wish) {
    requireNew(account, caller.region(), wish.name());
    String id = UUID.randomUUID().toString();
    Repository made = new Repository(id, account, caller.region(), wish.name(), now(), wish.tagRule(),
        wish.scanOnPush(), keys.fresh(caller, id, wish.encryption(), wish.kmsKey()), Optional.empty(), Optional.empty(),
        Optional.empty());
    database.write(tx -> {
      if (!store.insert(tx, made)) {
        throw exists(account, wish.name());
      }
      tags.deleteAll(tx, made.arn().toString());
      tag(tx, made, wish.tags());
      return made;
    });
    return made;
  }

  private void requireNew(AccountId account, Region region, String name) {
    if (find(account, region, name).isPresent()) {
      throw exists(account, name);
    }
  }

  private static Fault exists(AccountId account, String name) {
    return EcrFault.of("RepositoryAlreadyExistsException",
        "The repository with name '" + name + "' already exists in the registry with id '" + account + "'");
  }

  /** @throws Fault RepositoryNotFoundException */
  Repository require(Caller caller, String registryId, String name) {
    AccountId account = registry(caller, registryId);
    return require(account, caller.region(), name);
  }

  /** @throws Fault RepositoryNotFoundException */
  Repository require(AccountId account, Region region, String name) {
    return find(account, region, name).orElseThrow(() -> EcrFault.repositoryNotFound(name, account.value()));
  }

  /** The account whose registry a request means. */
  static AccountId registry(Caller caller, String registryId) {
    return registryId == null ? caller.account() : new AccountId(registryId);
  }

  /**
   * The repository of an ARN.
   *
   * @throws Fault InvalidParameterException, RepositoryNotFoundException
   */
  Repository require(Caller caller, String arn) {
    Arn parsed = Arn.parse(arn).filter(each -> each.service().equals("ecr") && each.account().matches("\\d{12}")
        && each.resource().startsWith(PREFIX)).orElseThrow(() -> EcrFault.invalid("resourceArn", "Invalid ARN"));
    String name = parsed.resource().substring(PREFIX.length());
    if (!parsed.region().equals(caller.region().name())) {
      throw EcrFault.repositoryNotFound(name, parsed.account());
    }
    return require(new AccountId(parsed.account()), caller.region(), name);
  }

  Optional<Repository> find(AccountId account, Region region, String name) {
    return database.read(tx -> store.find(tx, account, region, name));
  }

  Optional<Repository> byId(String id) {
    return database.read(tx -> store.byId(tx, id));
  }

  /** Who owns the repository of an ARN, and what its policy says; empty when there is none. */
  Optional<Holding> holding(Arn arn) {
    if (!arn.resource().startsWith(PREFIX) || !Region.isRegion(arn.region()) || !arn.account().matches("\\d{12}")) {
      return Optional.empty();
    }
    return find(new AccountId(arn.account()), new Region(arn.region()), arn.resource().substring(PREFIX.length()))
        .map(found -> new Holding(found.account(), found.policy().map(Repositories::document)));
  }

  static PolicyDocument document(String policy) {
    return PolicyDocument.parse(policy, PolicyDocument.Kind.OF_ONE);
  }

  Page<Repository> list(AccountId account, Region region, OptionalInt most, Optional<String> token) {
    return paged(() -> database.read(tx -> store.list(tx, account, region, most, token)));
  }

  /** The names that come after one, in alphabetical order. */
  List<String> names(AccountId account, Region region, String after, int most) {
    return database.read(tx -> store.names(tx, account, region, after, most));
  }

  /** ECR's code for a page that cannot be. */
  static <T> T paged(Supplier<T> page) {
    try {
      return page.get();
    } catch (Fault fault) {
      throw fault.code().equals("ValidationException") ? EcrFault.invalid("nextToken", fault.getMessage()) : fault;
    }
  }

  List<String> withLifecycle() {
    return database.read(store::withLifecycle);
  }

  /** Changes the present row; {@code change} sees it as it is then and may refuse. */
  Repository change(Repository repository, UnaryOperator<Repository> change) {
    return database.write(tx -> {
      Repository changed = change.apply(store.byId(tx, repository.id()).orElseThrow(() ->
          EcrFault.repositoryNotFound(repository.name(), repository.account().value())));
      store.update(tx, changed);
      return changed;
    });
  }

  /**
   * Removes a repository with its rows.
   *
   * @param holdsImages whether there are images in it
   * @throws Fault RepositoryNotEmptyException
   */
  void delete(Repository repository, boolean force, Predicate<Handle> holdsImages) {
    database.write(tx -> {
      if (!force && holdsImages.test(tx)) {
        throw EcrFault.of("RepositoryNotEmptyException", "The repository with name '" + repository.name()
            + "' in registry with id '" + repository.account() + "' cannot be deleted because it still contains images");
      }
      store.delete(tx, repository);
      tags.deleteAll(tx, repository.arn().toString());
      return repository;
    });
  }

  Map<String, String> tags(Repository repository) {
    return tags(repository.arn().toString());
  }

  Map<String, String> tags(String arn) {
    return database.read(tx -> tags.all(tx, arn));
  }

  void tag(Repository repository, Map<String, String> added) {
    database.write(tx -> {
      tag(tx, repository, added);
      return added;
    });
  }

  private void tag(Handle tx, Repository repository, Map<String, String> added) {
    try {
      tags.add(tx, repository.arn().toString(), added);
    } catch (Fault fault) {
      throw EcrFault.of("TooManyTagsException", "The repository with name '" + repository.name()
          + "' cannot have more than " + TagStore.MOST + " tags");
    }
  }

  void untag(Repository repository, List<String> names) {
    database.write(tx -> {
      tags.delete(tx, repository.arn().toString(), names);
      return names;
    });
  }

  private Instant now() {
    return Instant.ofEpochMilli(clock.millis());
  }
}
