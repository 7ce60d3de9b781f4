package dev.atelier.tuning;

import dev.atelier.jobs.JobRow;
import dev.atelier.kernel.AccountId;
import dev.atelier.kernel.Arn;
import dev.atelier.kernel.Caller;
import dev.atelier.kernel.Region;
import dev.atelier.metadata.MetadataStore;
import dev.atelier.metadata.Page;
import dev.atelier.metadata.TagStore;
import dev.atelier.models.ServiceModel;
import dev.atelier.models.StructureShape;
import dev.atelier.models.sagemaker.CreateHyperParameterTuningJobRequest;
import dev.atelier.models.sagemaker.ListHyperParameterTuningJobsRequest;
import dev.atelier.operation.ResourceListing;
import dev.atelier.operation.StoredDocument;
import dev.atelier.operation.StoredTime;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The rows of tuning jobs. */
final class TuningStore {
  private static final String[] COLUMNS = {"request", "state", "status", "version", "seed", "created_by", "modified_at",
      "ended_at", "failure_reason", "converged_at"};

  private final MetadataStore store;
  private final TagStore tags;

  TuningStore(MetadataStore store, TagStore tags) {
    this.store = store;
    this.tags = tags;
  }

  /** Inserts a new job with its tags; false when one of its name exists. */
  boolean insert(TuningJob job, Map<String, String> jobTags) {
    return store.write(tx -> {
      int rows = tx.createUpdate("""
              insert into tuning_job (arn, account, region, name, request, state, status, version, seed, created_by,
                created_at, modified_at)
              values (:arn, :account, :region, :name, :request, :state, :status, 0, :seed, :by, :now, :now)
              on conflict do nothing""")
          .bind("arn", job.arn().toString()).bind("account", job.account().value())
          .bind("region", job.region().name()).bind("name", job.name())
          .bind("request", StoredDocument.write(job.request())).bind("state", job.state().name())
          .bind("status", job.state().status()).bind("seed", job.seed())
          .bind("by", job.createdBy()).bind("now", job.createdAt().toEpochMilli()).execute();
      if (rows == 1 && !jobTags.isEmpty()) {
        tags.add(tx, job.arn().toString(), jobTags);
      }
      return rows == 1;
    });
  }

  Optional<TuningJob> find(AccountId account, Region region, String name) {
    return store.read(tx -> tx.createQuery("""
            select * from tuning_job where account = :account and region = :region and lower(name) = lower(:name)""")
        .bind("account", account.value()).bind("region", region.name()).bind("name", name)
        .map((row, context) -> job(row)).findOne());
  }

  Optional<TuningJob> find(Arn arn) {
    return store.read(tx -> tx.createQuery("select * from tuning_job where arn = :arn")
        .bind("arn", arn.toString()).map((row, context) -> job(row)).findOne());
  }

  List<TuningJob> unfinished() {
    List<String> ended = Arrays.stream(TuningState.values()).filter(TuningState::ended).map(TuningState::name).toList();
    return store.read(tx -> tx.createQuery("select * from tuning_job where state not in (<ended>) order by created_at")
        .bindList("ended", ended).map((row, context) -> job(row)).list());
  }

  /** The tags that its training jobs inherit. */
  Map<String, String> tags(TuningJob job) {
    return store.read(tx -> tags.all(tx, job.arn().toString()));
  }

  /** Moves a job to a state; false when the job has changed since it was read. */
  boolean apply(TuningJob job, TuningState next, Optional<String> reason, Instant now) {
    return store.write(tx -> tx.createUpdate("""
            update tuning_job set state = :next, status = :status, version = version + 1, modified_at = :now,
              ended_at = case when :ended then :now else ended_at end,
              failure_reason = coalesce(:reason, failure_reason)
            where arn = :arn and version = :version""")
        .bind("next", next.name()).bind("status", next.status()).bind("now", now.toEpochMilli())
        .bind("ended", next.ended()).bind("reason", reason.orElse(null))
        .bind("arn", job.arn().toString()).bind("version", job.version()).execute()) == 1;
  }

  /** Notes when the search converged; the first time counts. */
  void converged(TuningJob job, Instant now) {
    store.write(tx -> tx.createUpdate("""
            update tuning_job set converged_at = :now, version = version + 1
            where arn = :arn and converged_at is null""")
        .bind("now", now.toEpochMilli()).bind("arn", job.arn().toString()).execute());
  }

  /** Removes the job as it was read, with its tags; one that took its name since stays. */
  void delete(TuningJob job) {
    JobRow row = new JobRow("tuning_job", job.arn(), job.createdAt(), job.version());
    store.write(tx -> row.delete(tx, tags));
  }

  Page<TuningJob> list(Caller caller, ListHyperParameterTuningJobsRequest request) {
    return ResourceListing.of(caller, request.toDocument(), "tuning_job", COLUMNS)
        .page(store, (row, context) -> job(row));
  }

  private static TuningJob job(ResultSet row) throws SQLException {
    StructureShape shape = ServiceModel.load("sagemaker").operation("CreateHyperParameterTuningJob").orElseThrow()
        .input().orElseThrow();
    return new TuningJob(
        Arn.parse(row.getString("arn")).orElseThrow(),
        new AccountId(row.getString("account")),
        new Region(row.getString("region")),
        row.getString("name"),
        CreateHyperParameterTuningJobRequest.fromDocument(StoredDocument.read(shape, row.getString("request"))),
        TuningState.valueOf(row.getString("state")),
        row.getInt("version"),
        row.getLong("seed"),
        row.getString("created_by"),
        Instant.ofEpochMilli(row.getLong("created_at")),
        Instant.ofEpochMilli(row.getLong("modified_at")),
        StoredTime.read(row, "ended_at"),
        Optional.ofNullable(row.getString("failure_reason")),
        StoredTime.read(row, "converged_at"));
  }
}
