package dev.atelier.processing;

import dev.atelier.compute.WorkloadId;
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
import dev.atelier.models.sagemaker.CreateProcessingJobRequest;
import dev.atelier.models.sagemaker.ListProcessingJobsRequest;
import dev.atelier.operation.ResourceListing;
import dev.atelier.operation.StoredDocument;
import dev.atelier.operation.StoredTime;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The rows of processing jobs. */
final class ProcessingJobStore {
  private static final String[] COLUMNS = {"request", "state", "status", "version", "attempt", "created_by",
      "modified_at", "started_at", "ended_at", "failure_reason", "exit_message"};

  private final MetadataStore store;
  private final TagStore tags;

  ProcessingJobStore(MetadataStore store, TagStore tags) {
    this.store = store;
    this.tags = tags;
  }

  /** Inserts a new job with its tags; false when one of its name exists. */
  boolean insert(ProcessingJob job, Map<String, String> jobTags) {
    return store.write(tx -> {
      int rows = tx.createUpdate("""
              insert into processing_job (arn, account, region, name, request, state, status, version, attempt,
                created_by, created_at, modified_at)
              values (:arn, :account, :region, :name, :request, :state, :status, 0, 1, :by, :now, :now)
              on conflict do nothing""")
          .bind("arn", job.arn().toString()).bind("account", job.account().value())
          .bind("region", job.region().name()).bind("name", job.name())
          .bind("request", StoredDocument.write(job.request())).bind("state", job.state().name())
          .bind("by", job.createdBy()).bind("status", job.state().status()).bind("now", job.createdAt().toEpochMilli()).execute();
      if (rows == 1 && !jobTags.isEmpty()) {
        tags.add(tx, job.arn().toString(), jobTags);
      }
      return rows == 1;
    });
  }

  Optional<ProcessingJob> find(AccountId account, Region region, String name) {
    return store.read(tx -> tx.createQuery("""
            select * from processing_job
            where account = :account and region = :region and lower(name) = lower(:name)""")
        .bind("account", account.value()).bind("region", region.name()).bind("name", name)
        .map((row, context) -> job(row)).findOne());
  }

  Optional<ProcessingJob> find(String arn) {
    return store.read(tx -> tx.createQuery("select * from processing_job where arn = :arn")
        .bind("arn", arn).map((row, context) -> job(row)).findOne());
  }

  /** Jobs that have not ended, and ended ones that left one of the workloads behind. */
  List<ProcessingJob> unfinished(Set<WorkloadId> workloads) {
    List<ProcessingJob> jobs = new ArrayList<>(store.read(tx -> tx.createQuery(
            "select * from processing_job where state not in (<ended>) order by created_at")
        .bindList("ended", endedStates()).map((row, context) -> job(row)).list()));
    Set<WorkloadId> left = workloads.stream().filter(ProcessingWorkload::owns).collect(Collectors.toSet());
    jobs.forEach(job -> left.remove(ProcessingWorkload.id(job)));
    if (!left.isEmpty()) {
      jobs.addAll(store.read(tx -> tx.createQuery(
              "select * from processing_job where state in (<ended>) order by modified_at desc")
          .bindList("ended", endedStates()).map((row, context) -> job(row)).withStream(ended ->
              ended.filter(job -> left.contains(ProcessingWorkload.id(job))).limit(left.size()).toList())));
    }
    return jobs;
  }

  private static List<String> endedStates() {
    return Arrays.stream(ProcessingState.values()).filter(ProcessingState::ended).map(ProcessingState::name).toList();
  }

  /** What changes beside the state. */
  record Change(Optional<String> failureReason) {
    static final Change NONE = new Change(Optional.empty());

    static Change failure(String reason) {
      return new Change(Optional.of(reason));
    }
  }

  /** Moves a job to a state; false when the job has changed since it was read. */
  boolean apply(ProcessingJob job, ProcessingState next, Change change, Instant now) {
    return store.write(tx -> tx.createUpdate("""
            update processing_job set state = :next, status = :status, version = version + 1, modified_at = :now,
              started_at = coalesce(started_at, case when :running then :now end),
              ended_at = case when :ended then :now else ended_at end,
              failure_reason = coalesce(:reason, failure_reason)
            where arn = :arn and version = :version""")
        .bind("next", next.name()).bind("status", next.status()).bind("now", now.toEpochMilli())
        .bind("running", next == ProcessingState.RUNNING).bind("ended", next.ended())
        .bind("reason", change.failureReason().orElse(null)).bind("arn", job.arn().toString())
        .bind("version", job.version()).execute()) == 1;
  }

  /** Keeps what the program told of its end. */
  void keep(ProcessingJob job, String exitMessage) {
    store.write(tx -> tx.createUpdate("update processing_job set exit_message = :message where arn = :arn")
        .bind("message", exitMessage).bind("arn", job.arn().toString()).execute());
  }

  /** Removes the job as it was read, with its tags; one that took its name since stays. */
  void delete(ProcessingJob job) {
    JobRow row = new JobRow("processing_job", job.arn(), job.createdAt(), job.version());
    store.write(tx -> row.delete(tx, tags));
  }

  Page<ProcessingJob> list(Caller caller, ListProcessingJobsRequest request) {
    return ResourceListing.of(caller, request.toDocument(), "processing_job", COLUMNS)
        .page(store, (row, context) -> job(row));
  }

  private static ProcessingJob job(ResultSet row) throws SQLException {
    StructureShape shape = ServiceModel.load("sagemaker").operation("CreateProcessingJob").orElseThrow()
        .input().orElseThrow();
    return new ProcessingJob(
        Arn.parse(row.getString("arn")).orElseThrow(),
        new AccountId(row.getString("account")),
        new Region(row.getString("region")),
        row.getString("name"),
        CreateProcessingJobRequest.fromDocument(StoredDocument.read(shape, row.getString("request"))),
        ProcessingState.valueOf(row.getString("state")),
        row.getInt("version"),
        row.getInt("attempt"),
        row.getString("created_by"),
        Instant.ofEpochMilli(row.getLong("created_at")),
        Instant.ofEpochMilli(row.getLong("modified_at")),
        StoredTime.read(row, "started_at"),
        StoredTime.read(row, "ended_at"),
        Optional.ofNullable(row.getString("failure_reason")),
        Optional.ofNullable(row.getString("exit_message")));
  }
}
