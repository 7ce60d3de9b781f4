package dev.atelier.studio.jobs;

import dev.atelier.kernel.Arn;
import dev.atelier.metadata.MetadataStore;
import dev.atelier.studio.jobs.NotebookJob.Status;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jdbi.v3.core.Handle;

/** The rows of notebook jobs and their definitions; they go with the profile or space that they are for. */
final class NotebookJobStore {
  private static final int MOST_LISTED = 1_000;

  private final MetadataStore store;

  NotebookJobStore(MetadataStore store) {
    this.store = store;
  }

  // --- jobs -----------------------------------------------------------------------------------------------------

  void insert(NotebookJob job) {
    store.write(tx -> insert(tx, job));
  }

  private static int insert(Handle tx, NotebookJob job) {
    return tx.createUpdate("""
            insert into notebook_job values (:id, :owner, :definition, :work, :training, :status, :reason, :created,
              :started, :ended) on conflict do nothing""")
        .bind("id", job.id()).bind("owner", job.owner().toString()).bind("definition", job.definition())
        .bind("work", job.work().toJson()).bind("training", job.trainingJob()).bind("status", job.status().name())
        .bind("reason", job.reason()).bind("created", job.createdAt().toEpochMilli())
        .bind("started", millis(job.startedAt())).bind("ended", millis(job.endedAt())).execute();
  }

  Optional<NotebookJob> find(Arn owner, String id) {
    return store.read(tx -> tx.createQuery("select * from notebook_job where id = :id and owner = :owner")
        .bind("id", id).bind("owner", owner.toString()).map((row, context) -> job(row)).findOne());
  }

  /** The newest first. */
  List<NotebookJob> jobs(Arn owner) {
    return store.read(tx -> tx.createQuery(
            "select * from notebook_job where owner = :owner order by created_at desc, id limit " + MOST_LISTED)
        .bind("owner", owner.toString()).map((row, context) -> job(row)).list());
  }

  /** Those whose training job is still to be asked for. */
  List<NotebookJob> pending() {
    return store.read(tx -> tx.createQuery("select * from notebook_job where status = 'PENDING' order by created_at")
        .map((row, context) -> job(row)).list());
  }

  /** Notes how a job stands; false when it ended or went meanwhile. */
  boolean stands(NotebookJob job) {
    return store.write(tx -> tx.createUpdate("""
            update notebook_job set status = :status, reason = :reason, started_at = :started, ended_at = :ended
            where id = :id and status in ('PENDING', 'IN_PROGRESS')""")
        .bind("status", job.status().name()).bind("reason", job.reason()).bind("started", millis(job.startedAt()))
        .bind("ended", millis(job.endedAt())).bind("id", job.id()).execute()) == 1;
  }

  /** Whose run a training job is that is still to be made; empty for one that is none. */
  Optional<Arn> owner(Arn training) {
    return store.read(tx -> tx.createQuery(
            "select owner from notebook_job where training_job = :name and status = 'PENDING'")
        .bind("name", training.resource().substring(training.resource().indexOf('/') + 1)).mapTo(String.class).findOne())
        .flatMap(Arn::parse).filter(owner -> owner.account().equals(training.account())
            && owner.region().equals(training.region()));
  }

  void deleteJob(String id) {
    store.write(tx -> tx.createUpdate("delete from notebook_job where id = :id").bind("id", id).execute());
  }

  // --- definitions ----------------------------------------------------------------------------------------------

  void insert(Definition made) {
    store.write(tx -> tx.createUpdate("""
            insert into notebook_job_definition values (:id, :owner, :work, :schedule, :active, :begun, :next, :created,
              :modified)""")
        .bind("id", made.id()).bind("owner", made.owner().toString()).bind("work", made.work().toJson())
        .bind("schedule", made.schedule()).bind("active", made.active()).bind("begun", made.begunAt().toEpochMilli())
        .bind("next", millis(made.nextAt())).bind("created", made.createdAt().toEpochMilli())
        .bind("modified", made.modifiedAt().toEpochMilli()).execute());
  }

  Optional<Definition> definition(Arn owner, String id) {
    return store.read(tx -> definition(tx, id)).filter(found -> found.owner().equals(owner));
  }

  private static Optional<Definition> definition(Handle tx, String id) {
    return tx.createQuery("select * from notebook_job_definition where id = :id").bind("id", id)
        .map((row, context) -> definition(row)).findOne();
  }

  List<Definition> definitions(Arn owner) {
    return store.read(tx -> tx.createQuery(
            "select * from notebook_job_definition where owner = :owner order by created_at desc, id")
        .bind("owner", owner.toString()).map((row, context) -> definition(row)).list());
  }

  /** Changes a definition as it stands; empty when it is gone. */
  Optional<Definition> change(String id, UnaryOperator<Definition> change) {
    return store.write(tx -> definition(tx, id).map(present -> update(tx, change.apply(present))));
  }

  private static Definition update(Handle tx, Definition changed) {
    tx.createUpdate("""
            update notebook_job_definition set work = :work, schedule = :schedule, active = :active, begun_at = :begun,
              next_at = :next, modified_at = :modified where id = :id""")
        .bind("work", changed.work().toJson()).bind("schedule", changed.schedule()).bind("active", changed.active())
        .bind("begun", changed.begunAt().toEpochMilli()).bind("next", millis(changed.nextAt()))
        .bind("modified", changed.modifiedAt().toEpochMilli()).bind("id", changed.id()).execute();
    return changed;
  }

  void deleteDefinition(String id) {
    store.write(tx -> tx.createUpdate("delete from notebook_job_definition where id = :id").bind("id", id).execute());
  }

  /** The ids of definitions that are due, the longest due first. */
  List<String> due(Instant now) {
    return store.read(tx -> tx.createQuery(
            "select id from notebook_job_definition where next_at > 0 and next_at <= :now order by next_at")
        .bind("now", now.toEpochMilli()).mapTo(String.class).list());
  }

  /** Writes the run of a definition that is due, with when it is due next, and gives it. */
  Optional<NotebookJob> take(String id, Instant now) {
    return store.write(tx -> definition(tx, id).flatMap(found -> found.decide(now)).flatMap(decided -> {
      update(tx, decided.after());
      return insert(tx, decided.run()) == 1 ? Optional.of(decided.run()) : Optional.empty();
    }));
  }

  // --- rows -----------------------------------------------------------------------------------------------------

  private static long millis(Optional<Instant> time) {
    return time.map(Instant::toEpochMilli).orElse(0L);
  }

  private static Optional<Instant> time(ResultSet row, String column) throws SQLException {
    long millis = row.getLong(column);
    return millis == 0 ? Optional.empty() : Optional.of(Instant.ofEpochMilli(millis));
  }

  private static NotebookJob job(ResultSet row) throws SQLException {
    return new NotebookJob(row.getString("id"), Arn.parse(row.getString("owner")).orElseThrow(),
        row.getString("definition"), Work.ofJson(row.getString("work")), row.getString("training_job"),
        Status.valueOf(row.getString("status")), row.getString("reason"),
        Instant.ofEpochMilli(row.getLong("created_at")), time(row, "started_at"), time(row, "ended_at"));
  }

  private static Definition definition(ResultSet row) throws SQLException {
    return new Definition(row.getString("id"), Arn.parse(row.getString("owner")).orElseThrow(),
        Work.ofJson(row.getString("work")), row.getString("schedule"), row.getBoolean("active"),
        Instant.ofEpochMilli(row.getLong("begun_at")), time(row, "next_at"),
        Instant.ofEpochMilli(row.getLong("created_at")), Instant.ofEpochMilli(row.getLong("modified_at")));
  }
}
