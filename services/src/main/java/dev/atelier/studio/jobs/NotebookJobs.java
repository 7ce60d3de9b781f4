package dev.atelier.studio.jobs;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.atelier.identity.SecretToken;
import dev.atelier.kernel.Arn;
import dev.atelier.kernel.Fault;
import dev.atelier.metadata.MetadataStore;
import dev.atelier.studio.KernelApps;
import dev.atelier.studio.KernelApps.Place;
import dev.atelier.studio.RoleActions;
import dev.atelier.studio.StudioBucket;
import dev.atelier.studio.sharing.HomeFiles;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/** Notebook jobs and their definitions, each of the profile or space that it was made in. */
public final class NotebookJobs implements AutoCloseable {
  private static final int ID = 12;
  private static final int MOST_DEFINITIONS = 100;

  private final NotebookJobStore store;
  private final JobInput input;
  private final JobRuns runs;
  private final JobResults results;
  private final Clock clock;

  public NotebookJobs(MetadataStore metadata, KernelApps apps, HomeFiles files, StudioBucket bucket,
      RoleActions actions, Clock clock) {
    this.store = new NotebookJobStore(metadata);
    this.input = new JobInput(apps, files, bucket);
    this.runs = new JobRuns(store, apps::executionRole, actions, clock);
    this.results = new JobResults(bucket);
    this.clock = clock;
  }

  /** Takes up runs that were written and not begun, and follows schedules from now on. */
  public void resume() {
    runs.start();
  }

  private static String fresh() {
    return SecretToken.hash(SecretToken.fresh()).substring(0, ID);
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }

  /** Whose run a training job is that is asked for; empty for one that is none. */
  public Optional<Arn> owner(Arn training) {
    return store.owner(training);
  }

  // --- runs -----------------------------------------------------------------------------------------------------

  /** Runs a notebook now. @throws Fault what was asked for is not valid, or SageMaker or S3 refuses it */
  public NotebookJob run(Place place, ObjectNode asked) {
    String id = fresh();
    return begun(NotebookJob.fresh(id, place.owner(), "", input.store(place, asked, id), now()));
  }

  /** Runs what a definition runs, now. */
  public NotebookJob run(Definition definition) {
    return begun(NotebookJob.fresh(fresh(), definition.owner(), definition.id(), definition.work(), now()));
  }

  private NotebookJob begun(NotebookJob job) {
    store.insert(job);
    try {
      runs.begin(job);
    } catch (RuntimeException refused) {
      store.deleteJob(job.id());
      throw refused;
    }
    return store.find(job.owner(), job.id()).orElse(job);
  }

  /** The newest first, as they stand now. */
  public List<NotebookJob> list(Place place) {
    return store.jobs(place.owner()).stream().map(runs::seen).toList();
  }

  /** @throws Fault ResourceNotFound */
  public NotebookJob require(Place place, String id) {
    return runs.seen(store.find(place.owner(), id).orElseThrow(() -> new Fault("ResourceNotFound", 404,
        "There is no such notebook job.")));
  }

  public void stop(NotebookJob job) {
    runs.stop(job);
  }

  /** Forgets a job, and ends it first; its training job and what it left in S3 stay. */
  public void delete(NotebookJob job) {
    runs.stop(job);
    store.deleteJob(job.id());
  }

  /** The notebook with its outputs. @throws Fault ResourceNotFound: there is none, or not yet */
  public byte[] output(Place place, NotebookJob job) {
    return results.file(place, job, job.result());
  }

  /** What the run printed. @throws Fault ResourceNotFound: there is none, or not yet */
  public byte[] log(Place place, NotebookJob job) {
    return results.file(place, job, job.log());
  }

  // --- definitions ----------------------------------------------------------------------------------------------

  /** Runs a notebook by a schedule. */
  public Definition define(Place place, ObjectNode asked) {
    if (store.definitions(place.owner()).size() >= MOST_DEFINITIONS) {
      throw Fault.limitExceeded("There are " + MOST_DEFINITIONS + " notebook job definitions already.");
    }
    String schedule = schedule(asked);
    String id = fresh();
    Instant now = now();
    Definition made = new Definition(id, place.owner(), input.store(place, asked, id), schedule, true, now,
        Schedule.parse(schedule).next(now, now), now, now);
    store.insert(made);
    return made;
  }

  private String schedule(ObjectNode asked) {
    if (!asked.path("schedule").isTextual()) {
      throw Schedule.invalid("It is a text such as rate(1 day).");
    }
    String schedule = asked.path("schedule").asText();
    if (Schedule.parse(schedule).next(now(), now()).isEmpty()) {
      throw Schedule.invalid("It is never due.");
    }
    return schedule;
  }

  public List<Definition> definitions(Place place) {
    return store.definitions(place.owner());
  }

  /** @throws Fault ResourceNotFound */
  public Definition definition(Place place, String id) {
    return store.definition(place.owner(), id).orElseThrow(NotebookJobs::gone);
  }

  private static Fault gone() {
    return new Fault("ResourceNotFound", 404, "There is no such notebook job definition.");
  }

  /** Replaces what a definition runs, and when; the notebook is taken from the home anew. */
  public Definition edit(Place place, Definition definition, ObjectNode asked) {
    String schedule = schedule(asked);
    Work work = input.store(place, asked, definition.id() + "-" + fresh());
    return store.change(definition.id(), present -> present.scheduled(work, schedule, present.active(), now()))
        .orElseThrow(NotebookJobs::gone);
  }

  /** Pauses a definition or lets it go on; what would have been due meanwhile is not made up for. */
  public Definition activate(Definition definition, boolean active) {
    return store.change(definition.id(), present -> present.scheduled(present.work(), present.schedule(), active, now()))
        .orElseThrow(NotebookJobs::gone);
  }

  /** Forgets a definition; its runs stay. */
  public void delete(Definition definition) {
    store.deleteDefinition(definition.id());
  }

  @Override
  public void close() {
    runs.close();
  }
}
