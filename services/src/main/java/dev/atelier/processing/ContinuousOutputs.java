package dev.atelier.processing;

import dev.atelier.compute.ComputeBackend;
import dev.atelier.compute.ComputeException;
import dev.atelier.compute.WorkloadId;
import dev.atelier.jobs.FolderPass;
import dev.atelier.jobs.FolderProgress;
import dev.atelier.jobs.JobLogs;
import dev.atelier.jobs.JobPlatform;
import dev.atelier.jobs.JobRoles;
import dev.atelier.jobs.RoleObjects;
import dev.atelier.jobs.S3Location;
import dev.atelier.kernel.Fault;
import dev.atelier.models.sagemaker.ProcessingOutput;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stores outputs of mode Continuous while the program writes them. After a restart of the server every file is stored
 * once more, since only the memory of what was stored is lost.
 */
final class ContinuousOutputs {
  private static final Logger LOG = LoggerFactory.getLogger(ContinuousOutputs.class);
  /** Of all hosts of a job, since their names are remembered; each may have its share. */
  private static final int MOST_FILES = 100_000;
  private static final long MOST_NAME_BYTES = 16L << 20;

  private final ComputeBackend backend;
  private final JobRoles roles;
  private final JobLogs logs;
  private final Map<WorkloadId, Map<String, FolderProgress>> jobs = new ConcurrentHashMap<>();

  ContinuousOutputs(JobPlatform platform) {
    this.backend = platform.backend();
    this.roles = platform.roles();
    this.logs = platform.logs();
  }

  private static List<ProcessingOutput> outputs(ProcessingJob job) {
    return job.storedOutputs().stream().filter(OutputUploads::isContinuous).toList();
  }

  /** From now on {@link #pass} does something for the job; false when it has no such outputs. */
  boolean follow(ProcessingJob job) {
    if (outputs(job).isEmpty()) {
      return false;
    }
    jobs.computeIfAbsent(ProcessingWorkload.id(job), id -> new ConcurrentHashMap<>());
    return true;
  }

  /** Stores what changed; a failure is told in the job's log, since the next pass may do better. */
  void pass(ProcessingJob job) {
    Map<String, FolderProgress> progress = jobs.get(ProcessingWorkload.id(job));
    if (progress != null) {
      outputs(job).forEach(output -> Prefixes.of(job, output).forEach((folder, prefix) ->
          attempt(new Part(job, output, folder, prefix), progress)));
    }
  }

  /** A folder that an output consists of. */
  private record Part(ProcessingJob job, ProcessingOutput output, String folder, S3Location prefix) {
    FolderProgress in(Map<String, FolderProgress> progress) {
      return progress.computeIfAbsent(output.outputName() + " " + folder, name -> FolderProgress.of(Map.of()));
    }
  }

  private void attempt(Part part, Map<String, FolderProgress> all) {
    FolderProgress progress = part.in(all);
    synchronized (progress) {
      if (progress.finished()) {
        return;
      }
      try {
        store(part, progress);
      } catch (Fault | ComputeException e) {
        LOG.warn("outputs of {} cannot be stored now: {}", part.job().arn(), e.getMessage());
        new Notes(part.job(), progress).tell("outputs cannot be stored now: " + e.getMessage());
      } catch (RuntimeException e) {
        LOG.warn("outputs of {} cannot be stored now", part.job().arn(), e);
      }
    }
  }

  /**
   * Stores what the ended hosts left; nothing is stored after that.
   *
   * @throws Fault the role may not write them
   */
  void finish(ProcessingJob job) {
    if (!follow(job)) {
      return;
    }
    Map<String, FolderProgress> all = jobs.get(ProcessingWorkload.id(job));
    outputs(job).forEach(output -> Prefixes.of(job, output).forEach((folder, prefix) -> {
      Part part = new Part(job, output, folder, prefix);
      FolderProgress progress = part.in(all);
      synchronized (progress) {
        store(part, progress);
        progress.finish();
      }
    }));
  }

  /** Forgets an attempt whose hosts will be removed; what {@link #finish} has not stored is stored as far as it can. */
  void release(ProcessingJob job) {
    boolean ran = job.startedAt().isPresent() && backend.list().containsKey(ProcessingWorkload.id(job));
    if (ran && follow(job)) {
      pass(job);
    }
    jobs.remove(ProcessingWorkload.id(job));
  }

  private void store(Part part, FolderProgress progress) {
    ProcessingJob job = part.job();
    FolderPass.Folder folder = new FolderPass.Folder(ProcessingWorkload.id(job), job.hostNames(), part.folder(),
        part.prefix(), job.startedAt().orElse(job.createdAt()), job.volumeBytes(),
        "the output " + part.output().outputName(), "files of the output " + part.output().outputName());
    RoleObjects objects = OutputUploads.encrypting(
        roles.objects(job.request().roleArn(), job.region(), job.name()), job);
    new FolderPass(backend, folder, objects, progress, new Notes(job, progress), MOST_FILES, MOST_NAME_BYTES).run();
  }

  private final class Notes implements FolderPass.Notes {
    private final ProcessingJob job;
    private final FolderProgress progress;

    Notes(ProcessingJob job, FolderProgress progress) {
      this.job = job;
      this.progress = progress;
    }

    @Override
    public void tell(String text) {
      if (progress.tells(text)) {
        logs.platform(OutputUploads.log(job, 0), text);
      }
    }

    @Override
    public void incomplete(String text) {
      tell(text);
    }
  }
}
