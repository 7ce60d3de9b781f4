package dev.atelier.metrics;

import dev.atelier.kernel.AccountId;
import dev.atelier.kernel.Arn;
import dev.atelier.kernel.Region;
import dev.atelier.metadata.MetadataStore;
import dev.atelier.metadata.TagStore;
import dev.atelier.metrics.SeriesKey.Place;
import dev.atelier.models.ServiceModel;
import dev.atelier.models.StructureShape;
import dev.atelier.models.WireRecord;
import dev.atelier.models.cloudwatch.PutCompositeAlarmInput;
import dev.atelier.models.cloudwatch.PutMetricAlarmInput;
import dev.atelier.operation.StoredDocument;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;

/** The rows of alarms and of their history; both change in one transaction. */
final class AlarmStore {
  private static final long HISTORY_MILLIS = 30L * 86_400_000;

  private final MetadataStore metadata;
  private final TagStore tags;

  AlarmStore(MetadataStore metadata, TagStore tags) {
    this.metadata = metadata;
    this.tags = tags;
  }

  /** A row of history. */
  record Past(long id, String alarm, String kind, Instant at, AlarmHistory.Item item) {}

  /** Stores a new alarm or new settings of one that is there, which keeps its state; tags only go with a new one. */
  void put(Alarm alarm, Map<String, String> newTags) {
    metadata.write(tx -> {
      Optional<Alarm> before = find(tx, alarm.arn());
      tx.createUpdate("""
              insert into alarm (arn, account, region, name, kind, request, configured_at, state, reason, reason_data,
                updated_at, transitioned_at)
              values (:arn, :account, :region, :name, :kind, :request, :configured, :state, :reason, :data, :updated,
                :transitioned)
              on conflict (arn) do update set kind = :kind, request = :request, configured_at = :configured""")
          .bind("arn", alarm.arn().toString()).bind("account", alarm.place().account().value())
          .bind("region", alarm.place().region().name()).bind("name", alarm.name())
          .bind("kind", alarm.settings().kind()).bind("request", StoredDocument.write(request(alarm)))
          .bind("configured", alarm.configuredAt().toEpochMilli()).bind("state", alarm.standing().state().name())
          .bind("reason", alarm.standing().reason()).bind("data", alarm.standing().reasonData().orElse(null))
          .bind("updated", alarm.standing().updatedAt().toEpochMilli())
          .bind("transitioned", alarm.standing().transitionedAt().toEpochMilli()).execute();
      if (before.isEmpty()) {
        tags.add(tx, alarm.arn().toString(), newTags);
      }
      add(tx, alarm, alarm.configuredAt(),
          before.isEmpty() ? AlarmHistory.created(alarm) : AlarmHistory.updated(alarm));
      return true;
    });
  }

  private static WireRecord request(Alarm alarm) {
    return switch (alarm.settings()) {
      case Alarm.Metric metric -> metric.request();
      case Alarm.Composite composite -> composite.request();
    };
  }

  /**
   * Sets an alarm's state, with history when it changes and the failures of its actions. Nothing happens when the alarm
   * was put anew or deleted meanwhile.
   */
  boolean move(Alarm alarm, Alarm.Standing to) {
    return metadata.write(tx -> {
      int changed = tx.createUpdate("""
              update alarm set state = :state, reason = :reason, reason_data = :data, updated_at = :updated,
                transitioned_at = :transitioned
              where arn = :arn and configured_at = :configured and updated_at = :before""")
          .bind("state", to.state().name()).bind("reason", to.reason()).bind("data", to.reasonData().orElse(null))
          .bind("updated", to.updatedAt().toEpochMilli()).bind("transitioned", to.transitionedAt().toEpochMilli())
          .bind("arn", alarm.arn().toString()).bind("configured", alarm.configuredAt().toEpochMilli())
          .bind("before", alarm.standing().updatedAt().toEpochMilli()).execute();
      if (changed == 1 && to.state() != alarm.standing().state()) {
        add(tx, alarm, to.updatedAt(), AlarmHistory.stateChanged(alarm.standing(), to));
        alarm.actions(to.state()).forEach(action ->
            add(tx, alarm, to.updatedAt(), AlarmHistory.actionFailed(action, to)));
      }
      return changed == 1;
    });
  }

  void delete(List<Alarm> alarms, Instant now) {
    metadata.write(tx -> {
      for (Alarm alarm : alarms) {
        tx.createUpdate("delete from alarm where arn = :arn").bind("arn", alarm.arn().toString()).execute();
        tags.deleteAll(tx, alarm.arn().toString());
        add(tx, alarm, now, AlarmHistory.deleted(alarm));
      }
      return true;
    });
  }

  private static void add(Handle tx, Alarm alarm, Instant at, AlarmHistory.Item item) {
    tx.createUpdate("""
            insert into alarm_history (account, region, name, kind, at, item, summary, data)
            values (:account, :region, :name, :kind, :at, :item, :summary, :data)""")
        .bind("account", alarm.place().account().value()).bind("region", alarm.place().region().name())
        .bind("name", alarm.name()).bind("kind", alarm.settings().kind()).bind("at", at.toEpochMilli())
        .bind("item", item.type()).bind("summary", item.summary()).bind("data", item.data()).execute();
    tx.createUpdate("delete from alarm_history where at < :old")
        .bind("old", at.toEpochMilli() - HISTORY_MILLIS).execute();
  }

  Optional<Alarm> find(Arn arn) {
    return metadata.read(tx -> find(tx, arn));
  }

  private static Optional<Alarm> find(Handle tx, Arn arn) {
    return tx.createQuery("select * from alarm where arn = :arn").bind("arn", arn.toString())
        .map(AlarmStore::alarm).findOne();
  }

  /** All alarms of a place, by name. */
  List<Alarm> list(Place place) {
    return metadata.read(tx -> tx.createQuery(
            "select * from alarm where account = :account and region = :region order by name")
        .bind("account", place.account().value()).bind("region", place.region().name())
        .map(AlarmStore::alarm).list());
  }

  List<Alarm> all() {
    return metadata.read(tx -> tx.createQuery("select * from alarm order by kind desc, arn")
        .map(AlarmStore::alarm).list());
  }

  /** The history of a place, oldest first. */
  List<Past> history(Place place, Optional<String> alarm) {
    return metadata.read(tx -> tx.createQuery("""
            select * from alarm_history where account = :account and region = :region
            and (:name is null or name = :name) order by at, id""")
        .bind("account", place.account().value()).bind("region", place.region().name())
        .bind("name", alarm.orElse(null))
        .map((row, context) -> new Past(row.getLong("id"), row.getString("name"), row.getString("kind"),
            Instant.ofEpochMilli(row.getLong("at")), new AlarmHistory.Item(row.getString("item"),
                row.getString("summary"), row.getString("data")))).list());
  }

  private static Alarm alarm(ResultSet row, StatementContext context) throws SQLException {
    Place place = new Place(new AccountId(row.getString("account")), new Region(row.getString("region")));
    return new Alarm(Arn.parse(row.getString("arn")).orElseThrow(), place, row.getString("name"),
        settings(row.getString("kind"), row.getString("request")),
        Instant.ofEpochMilli(row.getLong("configured_at")),
        new Alarm.Standing(AlarmState.valueOf(row.getString("state")), row.getString("reason"),
            Optional.ofNullable(row.getString("reason_data")), Instant.ofEpochMilli(row.getLong("updated_at")),
            Instant.ofEpochMilli(row.getLong("transitioned_at"))));
  }

  private static Alarm.Settings settings(String kind, String request) {
    return kind.equals("MetricAlarm")
        ? new Alarm.Metric(PutMetricAlarmInput.fromDocument(StoredDocument.read(shape("PutMetricAlarm"), request)))
        : new Alarm.Composite(PutCompositeAlarmInput.fromDocument(
            StoredDocument.read(shape("PutCompositeAlarm"), request)));
  }

  private static StructureShape shape(String operation) {
    return ServiceModel.load("cloudwatch").operation(operation).orElseThrow().input().orElseThrow();
  }
}
