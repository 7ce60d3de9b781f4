package dev.atelier.studio;

import dev.atelier.entry.Entries;
import dev.atelier.kernel.AccountId;
import dev.atelier.kernel.Arn;
import dev.atelier.kernel.Caller;
import dev.atelier.kernel.Fault;
import dev.atelier.kernel.Region;
import dev.atelier.metadata.MetadataStore;
import dev.atelier.metadata.TagStore;
import dev.atelier.operation.StoredDocument;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jdbi.v3.core.Handle;

/** The rows of what Studio keeps under a name. */
final class StudioStore {
  /** The columns of a row, as {@link #resource} reads it. */
  static final String[] COLUMNS = {"arn", "kind", "account", "region", "parent", "name", "number", "document", "state",
      "version", "created_at", "modified_at", "failure_reason"};

  private final MetadataStore store;
  private final TagStore tags;
  private final Clock clock;

  StudioStore(MetadataStore store, TagStore tags, Clock clock) {
    this.store = store;
    this.tags = tags;
    this.clock = clock;
  }

  /** What must hold in the same transaction as a change; throws the Fault that refuses it. */
  @FunctionalInterface
  interface Guard {
    Guard NONE = tx -> { };

    void check(Handle tx);
  }

  MetadataStore rows() {
    return store;
  }

  /** The time of rows: the clock's, in milliseconds. */
  Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }

  /**
   * Inserts a new resource with its tags; false when one of its name exists.
   *
   * @param token what makes creating it idempotent, or empty
   */
  boolean insert(StudioResource resource, Map<String, String> itsTags, String token, Guard guard) {
    return store.write(tx -> {
      guard.check(tx);
      return insert(tx, resource, itsTags, token);
    });
  }

  /** As the other, within a transaction. */
  boolean insert(Handle tx, StudioResource resource, Map<String, String> itsTags, String token) {
    int rows = tx.createUpdate("""
            insert into studio_resource values (:arn, :kind, :account, :region, :parent, :name, :number, :document,
              :state, :status, 0, :token, :now, :now, null) on conflict do nothing""")
        .bind("arn", resource.arn().toString()).bind("kind", resource.kind().arnType())
        .bind("account", resource.account().value()).bind("region", resource.region().name())
        .bind("parent", resource.parent()).bind("name", resource.name()).bind("number", resource.number())
        .bind("document", StoredDocument.write(resource::document)).bind("state", resource.state().name())
        .bind("status", resource.status()).bind("token", token).bind("now", resource.createdAt().toEpochMilli())
        .execute();
    if (rows == 1 && !itsTags.isEmpty()) {
      tags.add(tx, resource.arn().toString(), itsTags);
    }
    return rows == 1;
  }

  /**
   * Inserts a resource into its parent, with the parent's next number: a version's number, or what a home's user id is
   * made of.
   *
   * @param unready the answer when the parent's state does not allow it
   * @param then what is stored with it
   * @return the resource with its number; empty when one of its name exists, or the parent is gone
   */
  Optional<StudioResource> insertInto(StudioResource parent, Function<Integer, StudioResource> made,
      Map<String, String> itsTags, String token, Function<StudioResource, Fault> unready,
      BiConsumer<Handle, StudioResource> then) {
    return store.write(tx -> {
      Optional<StudioResource> present = find(tx, parent.arn());
      present.filter(each -> !each.usable()).ifPresent(each -> {
        throw unready.apply(each);
      });
      if (present.isEmpty()) {
        return Optional.empty();
      }
      int number = next(tx, parent.arn().toString());
      StudioResource resource = made.apply(number).numbered(number);
      if (!insert(tx, resource, itsTags, token)) {
        return Optional.empty();
      }
      then.accept(tx, resource);
      return Optional.of(resource);
    });
  }

  /** The next number of a scope, from 1; none is given twice while the scope is kept. */
  static int next(Handle tx, String scope) {
    return tx.createQuery("""
            insert into studio_number values (:scope, 1) on conflict (scope) do update set last = last + 1
            returning last""")
        .bind("scope", scope).mapTo(Integer.class).one();
  }

  Optional<StudioResource> find(Arn arn) {
    return store.read(tx -> find(tx, arn));
  }

  static Optional<StudioResource> find(Handle tx, Arn arn) {
    return tx.createQuery("select * from studio_resource where arn = :arn").bind("arn", arn.toString())
        .map((row, context) -> resource(row)).findOne();
  }

  /** The tags of a resource. */
  Map<String, String> tags(Arn arn) {
    return store.read(tx -> tags.all(tx, arn.toString()));
  }

  /** Resources whose state asks for something. */
  List<StudioResource> unsettled() {
    return store.read(tx -> tx.createQuery(
            "select * from studio_resource where state in ('PENDING', 'UPDATING', 'DELETING') order by created_at")
        .map((row, context) -> resource(row)).list());
  }

  /** How many resources of a kind the caller has, in a parent. */
  static int count(Handle tx, ResourceKind kind, Caller caller, String parent) {
    return tx.createQuery("""
            select count(*) from studio_resource
            where kind = :kind and account = :account and region = :region and parent = :parent""")
        .bind("kind", kind.arnType()).bind("account", caller.account().value())
        .bind("region", caller.region().name()).bind("parent", parent).mapTo(Integer.class).one();
  }

  /**
   * Applies an event that somebody asked for, decided on what is stored.
   *
   * @param refused the answer when its state does not allow it
   * @return the resource as it stands after; empty when there is none
   */
  Optional<StudioResource> change(Arn arn, ResourceEvent event, UnaryOperator<Map<String, Object>> document,
      Guard guard, Function<StudioResource, Fault> refused) {
    return store.write(tx -> find(tx, arn).map(present -> {
      ResourceState next = present.state().after(event).orElseThrow(() -> refused.apply(present));
      guard.check(tx);
      Map<String, Object> changed = document.apply(present.document());
      return write(tx, present, next, changed, Optional.empty());
    }));
  }

  /** Changes the document of a resource where no state says that a change takes time. */
  Optional<StudioResource> replace(Arn arn, UnaryOperator<Map<String, Object>> document, Guard guard) {
    return store.write(tx -> find(tx, arn).map(present -> {
      guard.check(tx);
      return write(tx, present, present.state(), document.apply(present.document()), Optional.empty());
    }));
  }

  /** Removes a resource that holds nothing outside the database; false when there is none. */
  boolean deleteNow(StudioResource resource, Guard guard) {
    return store.write(tx -> {
      guard.check(tx);
      return delete(tx, resource) == 1;
    });
  }

  /** Moves a resource to a state; empty when it has changed since it was read. */
  Optional<StudioResource> apply(StudioResource resource, ResourceState next, Optional<String> failure) {
    return store.write(tx -> find(tx, resource.arn()).filter(present -> present.version() == resource.version()
            && present.createdAt().equals(resource.createdAt()))
        .map(present -> write(tx, present, next, present.document(), failure)));
  }

  private StudioResource write(Handle tx, StudioResource present, ResourceState next, Map<String, Object> document,
      Optional<String> failure) {
    Instant now = now();
    tx.createUpdate("""
            update studio_resource set document = :document, state = :state, status = :status, version = version + 1,
              modified_at = :now, failure_reason = :failure where arn = :arn""")
        .bind("document", StoredDocument.write(() -> document)).bind("state", next.name())
        .bind("status", present.kind().status(next)).bind("now", now.toEpochMilli())
        .bind("failure", failure.orElse(null)).bind("arn", present.arn().toString()).execute();
    return new StudioResource(present.arn(), present.kind(), present.account(), present.region(), present.parent(),
        present.name(), present.number(), document, next, present.version() + 1, present.createdAt(), now, failure);
  }

  /** Removes a resource with its tags and the numbers it gave; an image goes with its versions. */
  void delete(StudioResource resource) {
    store.write(tx -> delete(tx, resource));
  }

  private int delete(Handle tx, StudioResource resource) {
    if (resource.kind() == ResourceKind.IMAGE) {
      tx.createUpdate("""
              delete from studio_resource where kind = 'image-version' and account = :account and region = :region
                and lower(parent) = lower(:name)""")
          .bind("account", resource.account().value()).bind("region", resource.region().name())
          .bind("name", resource.name()).execute();
    }
    if (resource.kind() == ResourceKind.USER_PROFILE || resource.kind() == ResourceKind.SPACE) {
      // the next one of its name has nothing of it: neither who could enter, nor the kernels that died here
      Entries.forgetAll(tx, resource.arn().toString().replaceFirst(":(user-profile|space)/", ":app/") + "/");
      tx.createUpdate("delete from studio_execution where kernel in (select id from studio_kernel where owner = :arn)")
          .bind("arn", resource.arn().toString()).execute();
      for (String table : List.of("studio_session", "studio_kernel", "studio_terminal")) {
        tx.createUpdate("delete from " + table + " where owner = :arn")
            .bind("arn", resource.arn().toString()).execute();
      }
    }
    tags.deleteAll(tx, resource.arn().toString());
    tx.createUpdate("delete from tag where arn in (select arn from studio_app where owner = :arn or domain_arn = :arn)")
        .bind("arn", resource.arn().toString()).execute();
    tx.createUpdate("delete from studio_app where owner = :arn or domain_arn = :arn")
        .bind("arn", resource.arn().toString()).execute();
    tx.createUpdate("delete from studio_number where scope = :arn").bind("arn", resource.arn().toString()).execute();
    return tx.createUpdate("delete from studio_resource where arn = :arn")
        .bind("arn", resource.arn().toString()).execute();
  }

  static StudioResource resource(ResultSet row) throws SQLException {
    ResourceKind kind = ResourceKind.of(row.getString("kind"));
    return new StudioResource(
        Arn.parse(row.getString("arn")).orElseThrow(),
        kind,
        new AccountId(row.getString("account")),
        new Region(row.getString("region")),
        row.getString("parent"),
        row.getString("name"),
        row.getInt("number"),
        StoredDocument.read(kind.shape(), row.getString("document")),
        ResourceState.valueOf(row.getString("state")),
        row.getInt("version"),
        Instant.ofEpochMilli(row.getLong("created_at")),
        Instant.ofEpochMilli(row.getLong("modified_at")),
        Optional.ofNullable(row.getString("failure_reason")));
  }
}
