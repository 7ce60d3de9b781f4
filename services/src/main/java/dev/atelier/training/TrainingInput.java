package dev.atelier.training;

import dev.atelier.compute.ComputeBackend;
import dev.atelier.compute.Resources;
import dev.atelier.compute.WorkloadSpec;
import dev.atelier.jobs.FileSystems;
import dev.atelier.jobs.JobLogs;
import dev.atelier.jobs.JobPlatform;
import dev.atelier.jobs.JobRoles;
import dev.atelier.jobs.RoleObjects;
import dev.atelier.jobs.StagingArea;
import dev.atelier.runtimes.Images;
import dev.atelier.runtimes.PreparedImage;
import java.util.List;

/** Makes ready what a job's program starts with: its image, its channels and its checkpoints. */
final class TrainingInput {
  private final ComputeBackend backend;
  private final Images images;
  private final JobRoles roles;
  private final StagingArea staging;
  private final TrainingJobStore store;
  private final JobLogs logs;
  private final Checkpoints checkpoints;
  private final FileSystems fileSystems;

  TrainingInput(JobPlatform platform, TrainingJobStore store, Checkpoints checkpoints, FileSystems fileSystems) {
    this.backend = platform.backend();
    this.images = platform.images();
    this.roles = platform.roles();
    this.staging = platform.staging();
    this.store = store;
    this.logs = platform.logs();
    this.checkpoints = checkpoints;
    this.fileSystems = fileSystems;
  }

  /** Every channel must have data that the role can see. */
  void check(TrainingJob job) {
    Channels.check(job, objects(job), fileSystems);
  }

  /** Builds the image's runtime where it is not there yet; what it differs in is said in log and status. */
  void prepareImage(TrainingJob job) {
    boolean[] told = {false};
    PreparedImage image = images.prepare(TrainingWorkload.image(job.request()), progress -> {
      logs.platform(TrainingOutput.log(job, 0), progress);
      if (!told[0]) {
        store.appendMessage(job.arn(), "Preparing the image for its first use here");
        told[0] = true;
      }
    });
    image.differences().forEach(difference -> tell(job, difference));
  }

  private void tell(TrainingJob job, String sentence) {
    log(job, sentence);
    store.appendMessage(job.arn(), sentence);
  }

  /** Says something about the job's start in its log. */
  void log(TrainingJob job, String sentence) {
    logs.platform(TrainingOutput.log(job, 0), sentence);
  }

  /** The workload with every channel's files linked into a folder of the attempt's own. */
  WorkloadSpec stage(TrainingJob job, List<Resources> resources) {
    PreparedImage image = images.prepare(TrainingWorkload.image(job.request()), progress -> { });
    RoleObjects objects = objects(job);
    StagingArea.Folder folder = staging.fresh(TrainingWorkload.id(job).value());
    return TrainingWorkload.spec(job, image, resources, Channels.mounts(job, objects, fileSystems, folder,
            backend.mountsPacked(image.image())),
        checkpoints.restore(job, folder));
  }

  /** Removes the links; the hosts that saw them have ended. */
  void discard(TrainingJob job) {
    staging.discard(TrainingWorkload.id(job).value());
  }

  private RoleObjects objects(TrainingJob job) {
    return roles.objects(job.request().roleArn(), job.region(), job.name());
  }
}
