package dev.atelier.training;

import dev.atelier.compute.WorkloadId;
import dev.atelier.jobs.JobRow;
import dev.atelier.jobs.MetricScanner;
import dev.atelier.kernel.AccountId;
import dev.atelier.kernel.Arn;
import dev.atelier.kernel.Caller;
import dev.atelier.kernel.Region;
import dev.atelier.metadata.MetadataStore;
import dev.atelier.metadata.Page;
import dev.atelier.metadata.TagStore;
import dev.atelier.models.ServiceModel;
import dev.atelier.models.StructureShape;
import dev.atelier.models.sagemaker.CreateTrainingJobRequest;
import dev.atelier.models.sagemaker.ListTrainingJobsRequest;
import dev.atelier.operation.ResourceListing;
import dev.atelier.operation.StoredDocument;
import dev.atelier.operation.StoredTime;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;

/** The rows of training jobs and of their transitions. */
final class TrainingJobStore {
  private static final String[] COLUMNS = {"request", "state", "status", "version", "attempt", "modified_at",
      "started_at", "ended_at", "failure_reason", "model_artifacts", "final_metrics", "attempt_at", "running_since",
      "ran_millis", "retries", "created_by", "pool_state", "pool_chain", "pool_began_at", "pool_available_at", "pool_until",
      "pool_retained_millis", "pool_reused_by", "tuning_job"};

  private final MetadataStore store;
  private final TagStore tags;

  TrainingJobStore(MetadataStore store, TagStore tags) {
    this.store = store;
    this.tags = tags;
  }

  /** One entry of SecondaryStatusTransitions. */
  record Transition(String secondaryStatus, String message, Instant startedAt, Optional<Instant> endedAt) {}

  /** Inserts a new job with its first transition and tags; false when one of its name exists. */
  boolean insert(TrainingJob job, Map<String, String> jobTags) {
    return store.write(tx -> {
      int rows = tx.createUpdate("""
              insert into training_job (arn, account, region, name, request, state, status, version, attempt,
                created_at, modified_at, final_metrics, attempt_at, created_by, tuning_job)
              values (:arn, :account, :region, :name, :request, :state, :status, 0, 1, :now, :now, '[]', :now, :by, :tuning)
              on conflict do nothing""")
          .bind("arn", job.arn().toString()).bind("account", job.account().value())
          .bind("region", job.region().name()).bind("name", job.name())
          .bind("request", StoredDocument.write(job.request())).bind("state", job.state().name())
          .bind("status", job.state().status()).bind("now", job.createdAt().toEpochMilli())
          .bind("by", job.createdBy()).bind("tuning", job.tuningJob().map(Arn::toString).orElse(null)).execute();
      if (rows == 1) {
        insertTransition(tx, job.arn(), job.state(), job.state().message(), job.createdAt());
        if (!jobTags.isEmpty()) {
          tags.add(tx, job.arn().toString(), jobTags);
        }
      }
      return rows == 1;
    });
  }

  Optional<TrainingJob> find(AccountId account, Region region, String name) {
    return store.read(tx -> tx.createQuery("""
            select * from training_job where account = :account and region = :region and lower(name) = lower(:name)""")
        .bind("account", account.value()).bind("region", region.name()).bind("name", name)
        .map((row, context) -> job(row)).findOne());
  }

  Optional<TrainingJob> find(String arn) {
    return store.read(tx -> tx.createQuery("select * from training_job where arn = :arn")
        .bind("arn", arn).map((row, context) -> job(row)).findOne());
  }

  /** Jobs that have not ended, and ended ones that left one of the workloads behind. */
  List<TrainingJob> unfinished(Set<WorkloadId> workloads) {
    List<TrainingJob> jobs = new ArrayList<>(live());
    Set<WorkloadId> left = workloads.stream().filter(TrainingWorkload::owns).collect(Collectors.toSet());
    jobs.forEach(job -> left.remove(TrainingWorkload.id(job)));
    if (!left.isEmpty()) {
      jobs.addAll(ended(job -> left.contains(TrainingWorkload.id(job)), left.size()));
    }
    return jobs;
  }

  private List<TrainingJob> live() {
    return store.read(tx -> tx.createQuery("select * from training_job where state not in (<ended>) order by created_at")
        .bindList("ended", endedStates()).map((row, context) -> job(row)).list());
  }

  private List<TrainingJob> ended(Predicate<TrainingJob> wanted, int most) {
    return store.read(tx -> tx.createQuery(
            "select * from training_job where state in (<ended>) order by modified_at desc")
        .bindList("ended", endedStates()).map((row, context) -> job(row))
        .withStream(jobs -> jobs.filter(wanted).limit(most).toList()));
  }

  private static List<String> endedStates() {
    return Arrays.stream(TrainingState.values()).filter(TrainingState::ended).map(TrainingState::name).toList();
  }

  List<Transition> transitions(Arn arn) {
    return store.read(tx -> tx.createQuery("select * from training_transition where arn = :arn order by place")
        .bind("arn", arn.toString())
        .map((row, context) -> new Transition(row.getString("secondary_status"), row.getString("message"),
            Instant.ofEpochMilli(row.getLong("started_at")), StoredTime.read(row, "ended_at")))
        .list());
  }

  /** What changes beside the state. */
  record Change(
      Optional<String> message,
      Optional<String> failureReason,
      Optional<String> modelArtifacts,
      List<MetricScanner.Found> finalMetrics) {
    static final Change NONE = new Change(Optional.empty(), Optional.empty(), Optional.empty(), List.of());

    static Change failure(String reason) {
      return new Change(Optional.empty(), Optional.of(reason), Optional.empty(), List.of());
    }

    static Change told(String message) {
      return new Change(Optional.of(message), Optional.empty(), Optional.empty(), List.of());
    }

    /** What of it goes with a state: a reason is a failed job's alone, and told beside a restart. */
    Change into(TrainingState next) {
      if (next == TrainingState.RESTARTING) {
        return told(next.message() + failureReason.map(reason -> ": " + reason).orElse(""));
      }
      return next == TrainingState.FAILED || next == TrainingState.UPLOADING_FAILED ? this
          : new Change(message, Optional.empty(), modelArtifacts, finalMetrics);
    }
  }

  /** Moves a job to a state and appends to its history; false when the job has changed since it was read. */
  boolean apply(TrainingJob job, TrainingEvent event, TrainingState next, Change change, Instant now) {
    Attempts attempts = job.attempts().after(job.state(), event, next, now);
    return store.write(tx -> {
      int rows = tx.createUpdate("""
              update training_job set state = :next, status = :status, version = version + 1, modified_at = :now,
                started_at = coalesce(started_at, :running),
                ended_at = case when :ended then :now else ended_at end,
                failure_reason = coalesce(:reason, failure_reason),
                model_artifacts = coalesce(:artifacts, model_artifacts),
                final_metrics = case when :metrics = '[]' then final_metrics else :metrics end,
                attempt = :attempt, attempt_at = :began, running_since = :running, ran_millis = :ran, retries = :retries
              where arn = :arn and version = :version""")
          .bind("next", next.name()).bind("status", next.status()).bind("now", now.toEpochMilli())
          .bind("ended", next.ended())
          .bind("reason", change.failureReason().orElse(null))
          .bind("artifacts", change.modelArtifacts().orElse(null))
          .bind("metrics", FinalMetrics.write(change.finalMetrics()))
          .bind("attempt", attempts.number()).bind("began", attempts.beganAt().toEpochMilli())
          .bind("running", attempts.runningSince().map(Instant::toEpochMilli).orElse(null))
          .bind("ran", attempts.ranBefore().toMillis()).bind("retries", attempts.retries())
          .bind("arn", job.arn().toString()).bind("version", job.version()).execute();
      if (rows == 1 && !next.secondaryStatus().equals(job.state().secondaryStatus())) {
        endTransition(tx, job.arn(), now);
        insertTransition(tx, job.arn(), next, change.message().orElse(next.message()), now);
      }
      if (rows == 1 && next.ended()) {
        endTransition(tx, job.arn(), now);
      }
      return rows == 1;
    });
  }

  private static void endTransition(Handle tx, Arn arn, Instant now) {
    tx.createUpdate("update training_transition set ended_at = :now where arn = :arn and ended_at is null")
        .bind("now", now.toEpochMilli()).bind("arn", arn.toString()).execute();
  }

  /** Replaces the message of a pending job, as its place in the line changes. */
  void replacePendingMessage(TrainingJob job, String message) {
    store.write(tx -> tx.createUpdate("""
            update training_transition set message = :message
            where arn = :arn and place = (select max(place) from training_transition where arn = :arn)
              and exists (select 1 from training_job where arn = :arn and state = 'PENDING' and attempt = :attempt
                and created_at = :created)""")
        .bind("message", message).bind("arn", job.arn().toString()).bind("attempt", job.attempts().number())
        .bind("created", job.createdAt().toEpochMilli()).execute());
  }

  /** Adds a sentence to the message of the present transition, such as what the image differs in; once. */
  void appendMessage(Arn arn, String sentence) {
    store.write(tx -> tx.createUpdate("""
            update training_transition set message = message || '. ' || :sentence
            where arn = :arn and place = (select max(place) from training_transition where arn = :arn)
              and replace(message, :sentence, '') = message""")
        .bind("sentence", sentence).bind("arn", arn.toString()).execute());
  }

  /** Removes the job as it was read, with its tags; one that took its name since stays. */
  void delete(TrainingJob job) {
    JobRow row = new JobRow("training_job", job.arn(), job.createdAt(), job.version());
    store.write(tx -> row.delete(tx, tags));
  }

  Page<TrainingJob> list(Caller caller, ListTrainingJobsRequest request) {
    ResourceListing listing = ResourceListing.of(caller, request.toDocument(), "training_job", COLUMNS);
    if (request.warmPoolStatusEquals() != null) {
      listing.equal("pool_state", request.warmPoolStatusEquals());
    }
    return listing.page(store, (row, context) -> job(row));
  }

  private static void insertTransition(Handle tx, Arn arn, TrainingState state, String message, Instant now) {
    tx.createUpdate("""
            insert into training_transition (arn, place, secondary_status, message, started_at)
            select :arn, coalesce(max(place), 0) + 1, :status, :message, :now from training_transition
            where arn = :arn""")
        .bind("arn", arn.toString()).bind("status", state.secondaryStatus()).bind("message", message)
        .bind("now", now.toEpochMilli()).execute();
  }

  static TrainingJob job(ResultSet row) throws SQLException {
    StructureShape shape = ServiceModel.load("sagemaker").operation("CreateTrainingJob").orElseThrow()
        .input().orElseThrow();
    return new TrainingJob(
        Arn.parse(row.getString("arn")).orElseThrow(),
        new AccountId(row.getString("account")),
        new Region(row.getString("region")),
        row.getString("name"),
        CreateTrainingJobRequest.fromDocument(StoredDocument.read(shape, row.getString("request"))),
        TrainingState.valueOf(row.getString("state")),
        row.getInt("version"),
        new Attempts(row.getInt("attempt"), Instant.ofEpochMilli(row.getLong("attempt_at")),
            StoredTime.read(row, "running_since"), Duration.ofMillis(row.getLong("ran_millis")), row.getInt("retries")),
        row.getString("created_by"),
        Instant.ofEpochMilli(row.getLong("created_at")),
        Instant.ofEpochMilli(row.getLong("modified_at")),
        StoredTime.read(row, "started_at"),
        StoredTime.read(row, "ended_at"),
        Optional.ofNullable(row.getString("failure_reason")),
        Optional.ofNullable(row.getString("model_artifacts")),
        FinalMetrics.read(row.getString("final_metrics")),
        WarmPoolStore.pool(row),
        Arn.parse(Optional.ofNullable(row.getString("tuning_job")).orElse("")));
  }
}
