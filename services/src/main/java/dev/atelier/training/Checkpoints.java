package dev.atelier.training;

import dev.atelier.compute.ComputeBackend;
import dev.atelier.compute.ComputeException;
import dev.atelier.compute.WorkloadId;
import dev.atelier.jobs.FolderPass;
import dev.atelier.jobs.FolderProgress;
import dev.atelier.jobs.InputFiles;
import dev.atelier.jobs.JobLogs;
import dev.atelier.jobs.JobRoles;
import dev.atelier.jobs.OutputCheck;
import dev.atelier.jobs.RoleObjects;
import dev.atelier.jobs.S3Location;
import dev.atelier.jobs.StagingArea;
import dev.atelier.kernel.Fault;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries checkpoints from S3 to every host before a job starts, and what the hosts write back to S3, where all hosts
 * share one prefix. What a program deletes stays in S3, as on AWS. After a restart of the server every file is stored
 * once more, since only the memory of what was stored is lost, but nothing from before the job over what it stored.
 */
final class Checkpoints {
  private static final Logger LOG = LoggerFactory.getLogger(Checkpoints.class);
  /** Of all hosts of a job, since their names are remembered; each may have its share. */
  private static final int MOST_FILES = 100_000;
  private static final long MOST_NAME_BYTES = 16L << 20;
  private static final String INCOMPLETE = "Not all checkpoint files are stored: the job's log tells which are not";

  private final ComputeBackend backend;
  private final JobRoles roles;
  private final JobLogs logs;
  private final TrainingJobStore rows;
  private final int mostFiles;
  private final Map<WorkloadId, FolderProgress> jobs = new ConcurrentHashMap<>();

  Checkpoints(ComputeBackend backend, JobRoles roles, JobLogs logs, TrainingJobStore rows) {
    this(backend, roles, logs, rows, MOST_FILES);
  }

  /** @param mostFiles of all hosts of a job */
  Checkpoints(ComputeBackend backend, JobRoles roles, JobLogs logs, TrainingJobStore rows, int mostFiles) {
    this.backend = backend;
    this.roles = roles;
    this.logs = logs;
    this.rows = rows;
    this.mostFiles = mostFiles;
  }

  /**
   * Links what lies under the job's prefix into a folder.
   *
   * @return the files that each host begins with, by their paths below the checkpoint folder
   * @throws Fault the role may not read them, or a key cannot be the name of a file
   */
  Map<String, Path> restore(TrainingJob job, StagingArea.Folder links) {
    Optional<CheckpointPlace> place = CheckpointPlace.of(job.request());
    if (place.isEmpty()) {
      return Map.of();
    }
    S3Location prefix = place.get().prefix();
    RoleObjects objects = objects(job);
    Map<String, Path> files = new LinkedHashMap<>();
    Map<String, FolderProgress.Restored> restored = new HashMap<>();
    objects.list(prefix, object -> {
      String name = InputFiles.checked(object.key().substring(prefix.key().length()), object.key());
      Path link = links.next();
      objects.link(new S3Location(prefix.bucket(), object.key()), link);
      files.put(name, link);
      restored.put(name, seen(link));
    });
    jobs.put(TrainingWorkload.id(job), FolderProgress.of(restored));
    return files;
  }

  /**
   * Looks at where checkpoints go. A job may only begin with some and write none, so a role that may not write them is
   * told in the job's log.
   *
   * @throws Fault ValidationException which names the place: there is no such bucket, or its key cannot be used
   */
  void check(TrainingJob job) {
    CheckpointPlace.of(job.request()).map(CheckpointPlace::prefix).ifPresent(prefix ->
        OutputCheck.target("The CheckpointConfig", job.request().checkpointConfig().s3Uri(), () -> check(job, prefix)));
  }

  private void check(TrainingJob job, S3Location prefix) {
    RoleObjects objects = objects(job);
    try {
      objects.checkPut(prefix.key().isEmpty() ? prefix.child(job.name()) : prefix);
    } catch (Fault e) {
      if (!String.valueOf(e.code()).startsWith("AccessDenied") || objects.owner(prefix.bucket()).isEmpty()) {
        throw e;
      }
      if (job.state() == TrainingState.STARTING) {
        logs.platform(TrainingOutput.log(job, 0), "checkpoints cannot be stored at "
            + job.request().checkpointConfig().s3Uri() + ", so the job fails if it writes any: " + e.getMessage());
      }
    }
  }

  private static FolderProgress.Restored seen(Path link) {
    try {
      return new FolderProgress.Restored(Files.size(link), Files.getLastModifiedTime(link).toInstant());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** From now on {@link #pass} does something for the job; false when it has no checkpoints. */
  boolean follow(TrainingJob job) {
    if (job.request().checkpointConfig() == null) {
      return false;
    }
    jobs.computeIfAbsent(TrainingWorkload.id(job), id -> FolderProgress.adopted());
    return true;
  }

  /** Stores what changed; a failure is told in the job's log, since the next pass may do better. */
  void pass(TrainingJob job) {
    FolderProgress progress = jobs.get(TrainingWorkload.id(job));
    if (progress != null) {
      attempt(job, progress);
    }
  }

  private void attempt(TrainingJob job, FolderProgress progress) {
    synchronized (progress) {
      if (progress.finished()) {
        return;
      }
      try {
        store(job, progress);
      } catch (Fault | ComputeException e) {
        LOG.warn("checkpoints of {} cannot be stored now: {}", job.arn(), e.getMessage());
        progress.tell("checkpoints cannot be stored now: " + e.getMessage(), new Notes(job, progress)::tell);
      } catch (RuntimeException e) {
        LOG.warn("checkpoints of {} cannot be stored now", job.arn(), e);
      }
    }
  }

  /**
   * Stores what the ended hosts left; nothing is stored after that.
   *
   * @throws Fault the role may not write them
   */
  void finish(TrainingJob job) {
    if (!follow(job)) {
      return;
    }
    FolderProgress progress = jobs.get(TrainingWorkload.id(job));
    synchronized (progress) {
      store(job, progress);
      progress.finish();
    }
  }

  /** Forgets an attempt whose hosts will be removed; what {@link #finish} has not stored is stored as far as it can. */
  void release(TrainingJob job) {
    FolderProgress progress = jobs.remove(TrainingWorkload.id(job));
    boolean ran = job.startedAt().isPresent() && backend.list().containsKey(TrainingWorkload.id(job));
    if (ran && job.request().checkpointConfig() != null) {
      attempt(job, progress == null ? FolderProgress.adopted() : progress);
    }
  }

  private void store(TrainingJob job, FolderProgress progress) {
    CheckpointPlace place = CheckpointPlace.of(job.request()).orElseThrow();
    FolderPass.Folder folder = new FolderPass.Folder(TrainingWorkload.id(job),
        IntStream.range(0, job.hosts()).mapToObj(TrainingWorkload::host).toList(), place.folder(), place.prefix(),
        job.startedAt().orElse(job.createdAt()), job.volumeBytes(), "a checkpoint", "checkpoints");
    new FolderPass(backend, folder, objects(job), progress, new Notes(job, progress), mostFiles, MOST_NAME_BYTES).run();
  }

  private final class Notes implements FolderPass.Notes {
    private final TrainingJob job;
    private final FolderProgress progress;

    Notes(TrainingJob job, FolderProgress progress) {
      this.job = job;
      this.progress = progress;
    }

    @Override
    public void tell(String text) {
      logs.platform(TrainingOutput.log(job, 0), text);
    }

    @Override
    public void incomplete() {
      if (progress.becomesIncomplete()) {
        rows.appendMessage(job.arn(), INCOMPLETE);
      }
    }
  }

  private RoleObjects objects(TrainingJob job) {
    return roles.objects(job.request().roleArn(), job.region(), job.name());
  }
}
