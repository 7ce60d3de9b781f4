package dev.atelier.training;

import dev.atelier.metadata.MetadataStore;
import dev.atelier.operation.StoredTime;
import dev.atelier.training.WarmPool.State;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** The columns of training jobs that tell of their warm pools. */
final class WarmPoolStore {
  private final MetadataStore store;
  private final TrainingJobStore jobs;

  WarmPoolStore(MetadataStore store, TrainingJobStore jobs) {
    this.store = store;
    this.jobs = jobs;
  }

  static Optional<WarmPool> pool(ResultSet row) throws SQLException {
    String state = row.getString("pool_state");
    return state == null ? Optional.empty() : Optional.of(new WarmPool(State.of(state), row.getString("pool_chain"),
        Instant.ofEpochMilli(row.getLong("pool_began_at")), StoredTime.read(row, "pool_available_at"),
        StoredTime.read(row, "pool_until"), Duration.ofMillis(row.getLong("pool_retained_millis")),
        Optional.ofNullable(row.getString("pool_reused_by"))));
  }

  /** Gives a job that has not been stopped instances of its own to keep. */
  void begin(TrainingJob job, String chain, Instant now) {
    store.write(tx -> use(tx, job, chain, now));
  }

  private static int use(Handle tx, TrainingJob job, String chain, Instant beganAt) {
    return tx.createUpdate("""
            update training_job set pool_state = 'InUse', pool_chain = :chain, pool_began_at = :began
            where arn = :arn and created_at = :created and pool_state is null and status = 'InProgress'""")
        .bind("chain", chain).bind("began", beganAt.toEpochMilli()).bind("arn", job.arn().toString())
        .bind("created", job.createdAt().toEpochMilli()).execute();
  }

  /** The jobs whose instances wait for one like this, those that wait longest first. */
  List<TrainingJob> available(TrainingJob like) {
    return store.read(tx -> tx.createQuery("""
            select * from training_job where pool_state = 'Available' and pool_key = :key and account = :account
              and region = :region order by pool_available_at""")
        .bind("key", WarmPool.key(like.request())).bind("account", like.account().value())
        .bind("region", like.region().name()).map((row, context) -> TrainingJobStore.job(row)).list());
  }

  /** All jobs whose pools are in one of the states. */
  List<TrainingJob> in(State... states) {
    return store.read(tx -> tx.createQuery("select * from training_job where pool_state in (<states>)")
        .bindList("states", Arrays.stream(states).map(State::toString).toList())
        .map((row, context) -> TrainingJobStore.job(row)).list());
  }

  /** Hands the instances of one job to another; false when they are gone, or when the other has been stopped. */
  boolean reuse(TrainingJob from, TrainingJob to, Instant now) {
    WarmPool pool = from.pool().orElseThrow();
    return store.write(tx -> {
      if (use(tx, to, pool.chain(), pool.beganAt()) == 0) {
        return false;
      }
      boolean taken = leave(tx, from, State.REUSED, now, Optional.of(to.name())) == 1;
      if (!taken) {
        tx.createUpdate("update training_job set pool_state = null, pool_chain = null, pool_began_at = null where arn = :arn")
            .bind("arn", to.arn().toString()).execute();
      }
      return taken;
    });
  }

  /** Keeps a job's instances for others. */
  boolean keep(TrainingJob job, Instant now, Instant until) {
    return store.write(tx -> tx.createUpdate("""
            update training_job set pool_state = 'Available', pool_available_at = :now, pool_until = :until,
              pool_key = :key where arn = :arn and created_at = :created and pool_state = 'InUse'""")
        .bind("now", now.toEpochMilli()).bind("until", until.toEpochMilli())
        .bind("key", WarmPool.key(job.request())).bind("arn", job.arn().toString()).bind("created", job.createdAt().toEpochMilli()).execute()) == 1;
  }

  /** Changes how long available instances are kept; false when they are not available. */
  boolean extend(TrainingJob job, String request, Instant until, Instant now) {
    return store.write(tx -> tx.createUpdate("""
            update training_job set pool_until = :until, request = :request, modified_at = :now
            where arn = :arn and created_at = :created and pool_state = 'Available'""")
        .bind("until", until.toEpochMilli()).bind("request", request).bind("now", now.toEpochMilli())
        .bind("arn", job.arn().toString()).bind("created", job.createdAt().toEpochMilli()).execute()) == 1;
  }

  /** Gives instances back; false when they are not there. */
  boolean terminate(TrainingJob job, Instant now) {
    return store.write(tx -> leave(tx, job, State.TERMINATED, now, Optional.empty())
        + tx.createUpdate("update training_job set pool_state = 'Terminated' where arn = :arn and created_at = :created and pool_state = 'InUse'")
            .bind("arn", job.arn().toString()).bind("created", job.createdAt().toEpochMilli()).execute()) == 1;
  }

  private static int leave(Handle tx, TrainingJob job, State next, Instant now, Optional<String> reusedBy) {
    return tx.createUpdate("""
            update training_job set pool_state = :next, pool_reused_by = :by,
              pool_retained_millis = :now - pool_available_at where arn = :arn and created_at = :created and pool_state = 'Available'""")
        .bind("next", next.toString()).bind("by", reusedBy.orElse(null)).bind("now", now.toEpochMilli())
        .bind("arn", job.arn().toString()).bind("created", job.createdAt().toEpochMilli()).execute();
  }

  Optional<TrainingJob> find(TrainingJob job) {
    return jobs.find(job.arn().toString()).filter(now -> now.createdAt().equals(job.createdAt()));
  }
}
