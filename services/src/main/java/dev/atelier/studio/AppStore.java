package dev.atelier.studio;

import dev.atelier.kernel.AccountId;
import dev.atelier.kernel.Arn;
import dev.atelier.kernel.Region;
import dev.atelier.metadata.MetadataStore;
import dev.atelier.metadata.TagStore;
import dev.atelier.models.ServiceModel;
import dev.atelier.models.StructureShape;
import dev.atelier.operation.StoredDocument;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** The rows of apps. */
final class AppStore {
  static final String[] COLUMNS = {"arn", "account", "region", "domain", "domain_arn", "owner", "user_profile",
      "space", "type", "name", "spec", "recovery", "image", "state", "version", "attempt", "created_at", "modified_at",
      "health_at", "activity_at", "failure_reason"};
  /** How long a deleted app stays listed. */
  private static final Duration LISTED = Duration.ofHours(24);

  private final MetadataStore store;
  private final TagStore tags;
  private final Clock clock;

  AppStore(MetadataStore store, TagStore tags, Clock clock) {
    this.store = store;
    this.tags = tags;
    this.clock = clock;
  }

  MetadataStore rows() {
    return store;
  }

  /**
   * Inserts a new app with its tags, in the place of one of its name that is over.
   *
   * @return the app with its attempt; empty when one of its name is not over
   */
  Optional<App> insert(App app, Map<String, String> itsTags, StudioStore.Guard guard) {
    return store.write(tx -> {
      guard.check(tx);
      Optional<App> before = find(tx, app.arn());
      if (before.filter(each -> !each.state().ended()).isPresent()) {
        return Optional.empty();
      }
      tags.deleteAll(tx, app.arn().toString());
      tx.createUpdate("delete from studio_app where arn = :arn").bind("arn", app.arn().toString()).execute();
      write(tx, app, before.map(App::attempt).orElse(0) + 1);
      if (!itsTags.isEmpty()) {
        tags.add(tx, app.arn().toString(), itsTags);
      }
      return find(tx, app.arn());
    });
  }

  private static void write(Handle tx, App app, int attempt) {
    tx.createUpdate("""
            insert into studio_app values (:arn, :account, :region, :domain, :domainArn, :owner, :userProfile, :space,
              :type, :name, :spec, :recovery, :image, :state, :status, 0, :attempt, :now, :now, 0, 0, null, 0)""")
        .bind("arn", app.arn().toString()).bind("account", app.account().value())
        .bind("region", app.region().name()).bind("domain", app.domain()).bind("domainArn", app.domainArn().toString())
        .bind("owner", app.owner().toString()).bind("userProfile", app.userProfile().orElse(""))
        .bind("space", app.space().orElse("")).bind("type", app.type()).bind("name", app.name())
        .bind("spec", StoredDocument.write(app::spec)).bind("recovery", app.recovery() ? 1 : 0)
        .bind("image", app.image().orElse("")).bind("state", app.state().name()).bind("status", app.state().status())
        .bind("attempt", attempt).bind("now", app.createdAt().toEpochMilli()).execute();
  }

  Optional<App> find(Arn arn) {
    return store.read(tx -> find(tx, arn));
  }

  private static Optional<App> find(Handle tx, Arn arn) {
    return tx.createQuery("select * from studio_app where arn = :arn").bind("arn", arn.toString())
        .map((row, context) -> app(row)).findOne();
  }

  /** Apps that run, or are to be started or ended. */
  List<App> live() {
    return store.read(tx -> tx.createQuery(
            "select * from studio_app where state in ('PENDING', 'IN_SERVICE', 'DELETING') order by created_at")
        .map((row, context) -> app(row)).list());
  }

  /** Apps of a profile or space that are not over. */
  List<App> of(Arn owner) {
    return store.read(tx -> tx.createQuery(
            "select * from studio_app where owner = :owner and state not in ('DELETED', 'FAILED') order by created_at")
        .bind("owner", owner.toString()).map((row, context) -> app(row)).list());
  }

  /** Apps of a profile or space that are not over, and those that failed. */
  List<App> present(Arn owner) {
    return store.read(tx -> tx.createQuery(
            "select * from studio_app where owner = :owner and state <> 'DELETED' order by created_at")
        .bind("owner", owner.toString()).map((row, context) -> app(row)).list());
  }

  /** Moves an app to a state; false when it has changed since it was read. */
  boolean apply(App app, AppState next, Optional<String> failure) {
    return store.write(tx -> tx.createUpdate("""
            update studio_app set state = :next, status = :status, version = version + 1, modified_at = :now,
              failure_reason = coalesce(:failure, failure_reason)
            where arn = :arn and version = :version and attempt = :attempt""")
        .bind("next", next.name()).bind("status", next.status()).bind("now", clock.millis())
        .bind("failure", failure.orElse(null)).bind("arn", app.arn().toString()).bind("version", app.version())
        .bind("attempt", app.attempt()).execute()) == 1;
  }

  /** Notes when an app's program answered, and when a user did something, as far as that is known. */
  void seen(App app, Optional<Instant> health, Optional<Instant> activity) {
    store.write(tx -> tx.createUpdate("""
            update studio_app set health_at = max(health_at, :health), activity_at = max(activity_at, :activity)
            where arn = :arn and attempt = :attempt""")
        .bind("health", health.map(Instant::toEpochMilli).orElse(0L))
        .bind("activity", activity.map(Instant::toEpochMilli).orElse(0L))
        .bind("arn", app.arn().toString()).bind("attempt", app.attempt()).execute());
  }

  /** Notes where the attempt's output begins in its log stream. */
  void logStart(App app, long bytes) {
    store.write(tx -> tx.createUpdate("update studio_app set log_start = :bytes where arn = :arn and attempt = :attempt")
        .bind("bytes", bytes).bind("arn", app.arn().toString()).bind("attempt", app.attempt()).execute());
  }

  /** Where the output of an app's present attempt begins. */
  long logStart(App app) {
    return store.read(tx -> tx.createQuery("select log_start from studio_app where arn = :arn")
        .bind("arn", app.arn().toString()).mapTo(Long.class).findOne().orElse(0L));
  }

  /** Keeps the app of this attempt until a time. */
  void keep(App app, Instant until) {
    store.write(tx -> tx.createUpdate("insert or replace into studio_kept values (:app, :attempt, :until)")
        .bind("app", app.arn().toString()).bind("attempt", app.attempt()).bind("until", until.toEpochMilli()).execute());
  }

  /** Until when somebody asked to keep the app of this attempt. */
  Optional<Instant> keptUntil(App app) {
    return store.read(tx -> tx.createQuery("select until from studio_kept where app = :app and attempt = :attempt")
        .bind("app", app.arn().toString()).bind("attempt", app.attempt()).mapTo(Long.class).findOne())
        .map(Instant::ofEpochMilli);
  }

  /** Forgets deleted apps that were listed for a day. */
  void forgetDeleted() {
    long limit = clock.instant().minus(LISTED).toEpochMilli();
    List<String> old = store.read(tx -> tx.createQuery(
            "select arn from studio_app where state = 'DELETED' and modified_at <= :limit")
        .bind("limit", limit).mapTo(String.class).list());
    if (old.isEmpty()) {
      return;
    }
    store.write(tx -> {
      for (String arn : old) {
        int gone = tx.createUpdate(
                "delete from studio_app where arn = :arn and state = 'DELETED' and modified_at <= :limit")
            .bind("arn", arn).bind("limit", limit).execute();
        if (gone == 1) {
          tags.deleteAll(tx, arn);
          tx.createUpdate("delete from studio_kept where app = :arn").bind("arn", arn).execute();
        }
      }
      return true;
    });
  }

  static App app(ResultSet row) throws SQLException {
    return new App(
        Arn.parse(row.getString("arn")).orElseThrow(),
        new AccountId(row.getString("account")),
        new Region(row.getString("region")),
        row.getString("domain"),
        Arn.parse(row.getString("domain_arn")).orElseThrow(),
        Arn.parse(row.getString("owner")).orElseThrow(),
        present(row.getString("user_profile")),
        present(row.getString("space")),
        row.getString("type"),
        row.getString("name"),
        StoredDocument.read(
            (StructureShape) ServiceModel.load("sagemaker").shape("ResourceSpec"), row.getString("spec")),
        row.getInt("recovery") == 1,
        present(row.getString("image")),
        AppState.valueOf(row.getString("state")),
        row.getInt("version"),
        row.getInt("attempt"),
        Instant.ofEpochMilli(row.getLong("created_at")),
        Instant.ofEpochMilli(row.getLong("modified_at")),
        time(row.getLong("health_at")),
        time(row.getLong("activity_at")),
        Optional.ofNullable(row.getString("failure_reason")));
  }

  private static Optional<String> present(String text) {
    return Optional.of(text).filter(each -> !each.isEmpty());
  }

  private static Optional<Instant> time(long millis) {
    return millis == 0 ? Optional.empty() : Optional.of(Instant.ofEpochMilli(millis));
  }
}
