package dev.atelier.studio.jobs;

import com.fasterxml.jackson.databind.JsonNode;
import dev.atelier.jobs.Effects;
import dev.atelier.kernel.Arn;
import dev.atelier.kernel.Fault;
import dev.atelier.kernel.Region;
import dev.atelier.studio.RoleActions;
import dev.atelier.studio.jobs.NotebookJob.Status;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Begins runs as training jobs, by the owner's execution role, and sees how they stand. A run is written before its
 * training job is asked for and has that job's name: asking again, as a server does that finds it after a kill, changes
 * nothing.
 */
final class JobRuns implements AutoCloseable {
  private static final Duration PERIOD = Duration.ofSeconds(1);

  private final NotebookJobStore store;
  private final Function<Arn, Optional<Arn>> roles;
  private final RoleActions actions;
  private final Clock clock;
  private final Effects effects = new Effects("notebook-jobs");

  /** @param roles the execution role of a profile or space, as it is now */
  JobRuns(NotebookJobStore store, Function<Arn, Optional<Arn>> roles, RoleActions actions, Clock clock) {
    this.store = store;
    this.roles = roles;
    this.actions = actions;
    this.clock = clock;
  }

  /** Takes up what the server before left, and follows schedules from now on. */
  void start() {
    store.pending().forEach(this::attempt);
    follow();
  }

  private void follow() {
    Instant now = clock.instant();
    // one that cannot be read, or written now, holds up none of the others
    effects.guard("the schedule of notebook jobs", () -> store.due(now).forEach(id ->
        effects.guard("the notebook job definition " + id, () -> store.take(id, now).ifPresent(this::attempt),
            failed -> { })), failed -> { });
    effects.after(PERIOD, this::follow);
  }

  private void attempt(NotebookJob job) {
    effects.begin("the notebook job " + job.trainingJob(), () -> begin(job), refused -> store.stands(job.at(
        Status.FAILED, String.valueOf(refused.getMessage()), Optional.empty(), Optional.of(clock.instant()))));
  }

  /** Asks for the training job of a run. @throws Fault SageMaker refuses it */
  void begin(NotebookJob job) {
    String[] parts = job.owner().resource().split("/");
    Arn owner = job.owner();
    Arn domain = new Arn(owner.partition(), owner.service(), owner.region(), owner.account(), "domain/" + parts[1]);
    try {
      perform(job, "CreateTrainingJob", TrainingRequest.of(job, domain));
    } catch (Fault refused) {
      // the name is this run's alone: it was asked for before
      if (!refused.code().equals("ResourceInUse")) {
        throw refused;
      }
    }
    if (!store.stands(job.at(Status.IN_PROGRESS, "", Optional.empty(), Optional.empty()))) {
      // somebody stopped or deleted it while it was asked for
      perform(job, "StopTrainingJob", named(job));
    }
  }

  /** Ends a run. @throws Fault SageMaker refuses it */
  void stop(NotebookJob job) {
    if (job.status() == Status.PENDING) {
      store.stands(job.at(Status.STOPPED, "", Optional.empty(), Optional.of(clock.instant())));
    } else if (!job.status().ended()) {
      perform(job, "StopTrainingJob", named(job));
    }
  }

  /** A run as its training job stands now; what ended is noted. */
  NotebookJob seen(NotebookJob job) {
    if (job.status() != Status.IN_PROGRESS) {
      return job;
    }
    JsonNode training;
    try {
      training = perform(job, "DescribeTrainingJob", named(job));
    } catch (Fault refused) {
      if (!refused.code().equals("ValidationException")) {
        // the role may not see it now
        return job.at(job.status(), refused.getMessage(), Optional.empty(), Optional.empty());
      }
      NotebookJob gone = job.at(Status.FAILED, "Its training job was deleted.", Optional.empty(),
          Optional.of(clock.instant()));
      store.stands(gone);
      return gone;
    }
    Status status = switch (training.path("TrainingJobStatus").asText()) {
      case "Completed" -> Status.COMPLETED;
      case "Failed" -> Status.FAILED;
      case "Stopped" -> Status.STOPPED;
      default -> Status.IN_PROGRESS;
    };
    NotebookJob now = job.at(status, training.path("FailureReason").asText(""), time(training, "TrainingStartTime"),
        time(training, "TrainingEndTime"));
    if (status.ended()) {
      store.stands(now);
    }
    return now;
  }

  private static Map<String, Object> named(NotebookJob job) {
    return Map.of("TrainingJobName", job.trainingJob());
  }

  private static Optional<Instant> time(JsonNode training, String member) {
    return training.hasNonNull(member)
        ? Optional.of(Instant.ofEpochMilli(Math.round(training.get(member).asDouble() * 1_000))) : Optional.empty();
  }

  private JsonNode perform(NotebookJob job, String operation, Map<String, Object> request) {
    Arn role = roles.apply(job.owner()).orElseThrow(() -> new Fault("AccessDeniedException", 403,
        "The user profile or space of the notebook job has no execution role."));
    return actions.perform(role, new Region(job.owner().region()), operation, request);
  }

  @Override
  public void close() {
    effects.close();
  }
}
