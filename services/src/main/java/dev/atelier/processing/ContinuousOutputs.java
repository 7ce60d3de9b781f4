package dev.atelier.processing;

import dev.atelier.jobs.FolderPass;
import dev.atelier.jobs.FolderUploads;
import dev.atelier.jobs.JobPlatform;
import dev.atelier.jobs.JobRoles;
import dev.atelier.jobs.RoleObjects;
import dev.atelier.kernel.Fault;
import dev.atelier.models.sagemaker.ProcessingOutput;
import java.util.ArrayList;
import java.util.List;

/** Stores outputs of mode Continuous while the program writes them. */
final class ContinuousOutputs {
  private final JobRoles roles;
  private final FolderUploads uploads;

  ContinuousOutputs(JobPlatform platform) {
    this.roles = platform.roles();
    this.uploads = new FolderUploads(platform.backend(), platform.logs());
  }

  private static List<ProcessingOutput> outputs(ProcessingJob job) {
    return job.storedOutputs().stream().filter(OutputUploads::isContinuous).toList();
  }

  /** Whether there is something to pass for. */
  boolean follow(ProcessingJob job) {
    return !outputs(job).isEmpty();
  }

  /** Stores what changed; a failure is told in the job's log, since the next pass may do better. */
  void pass(ProcessingJob job) {
    if (follow(job)) {
      uploads.pass(upload(job));
    }
  }

  /**
   * Stores what the ended hosts left; nothing is stored after that.
   *
   * @throws Fault the role may not write them
   */
  void finish(ProcessingJob job) {
    if (follow(job)) {
      uploads.finish(upload(job));
    }
  }

  /** Forgets a job whose hosts will be removed; what {@link #finish} has not stored is stored as far as it can. */
  void release(ProcessingJob job) {
    if (follow(job)) {
      uploads.release(upload(job), job.startedAt().isPresent());
    }
  }

  private FolderUploads.Upload upload(ProcessingJob job) {
    List<FolderPass.Folder> folders = new ArrayList<>();
    for (ProcessingOutput output : outputs(job)) {
      Prefixes.of(job, output).forEach((inside, prefix) -> folders.add(new FolderPass.Folder(ProcessingWorkload.id(job),
          job.hostNames(), inside, prefix, job.startedAt().orElse(job.createdAt()), job.volumeBytes(),
          "the output " + output.outputName(), "files of the output " + output.outputName())));
    }
    RoleObjects objects =
        OutputUploads.encrypting(roles.objects(job.request().roleArn(), job.region(), job.name()), job);
    return new FolderUploads.Upload(job.arn(), ProcessingWorkload.id(job), objects, OutputUploads.log(job, 0), folders);
  }
}
