package dev.atelier.training;

import dev.atelier.compute.Resources;
import dev.atelier.compute.WorkloadSpec;
import dev.atelier.jobs.JobLogs;
import dev.atelier.jobs.JobPlatform;
import dev.atelier.jobs.JobRoles;
import dev.atelier.jobs.RoleObjects;
import dev.atelier.jobs.S3Location;
import dev.atelier.models.sagemaker.Channel;
import dev.atelier.jobs.StagingArea;
import dev.atelier.runtimes.Images;
import dev.atelier.runtimes.PreparedImage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Makes ready what a job's program starts with: its image, its channels and its checkpoints. */
final class TrainingInput {
  private final Images images;
  private final JobRoles roles;
  private final StagingArea staging;
  private final TrainingJobStore store;
  private final JobLogs logs;
  private final Checkpoints checkpoints;

  TrainingInput(JobPlatform platform, TrainingJobStore store, Checkpoints checkpoints) {
    this.images = platform.images();
    this.roles = platform.roles();
    this.staging = platform.staging();
    this.store = store;
    this.logs = platform.logs();
    this.checkpoints = checkpoints;
  }

  /** Every channel must have data that the role can see. */
  void check(TrainingJob job) {
    ChannelStaging channels = new ChannelStaging(objects(job));
    job.request().inputDataConfig().forEach(channel -> channels.files(channel, 0, job.hosts()));
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

  /** Says something about the job's start in its log and its status message. */
  void tell(TrainingJob job, String sentence) {
    logs.platform(TrainingOutput.log(job, 0), sentence);
    store.appendMessage(job.arn(), sentence);
  }

  /** The workload with every channel's files linked into a folder of the attempt's own. */
  WorkloadSpec stage(TrainingJob job, Resources resources) {
    PreparedImage image = images.prepare(TrainingWorkload.image(job.request()), progress -> { });
    RoleObjects objects = objects(job);
    ChannelStaging channels = new ChannelStaging(objects);
    StagingArea.Folder folder = staging.fresh(TrainingWorkload.id(job).value());
    List<Map<String, Map<String, Path>>> inputs = new ArrayList<>();
    for (int host = 0; host < job.hosts(); host++) {
      Map<String, Map<String, Path>> byChannel = new LinkedHashMap<>();
      for (Channel channel : job.request().inputDataConfig()) {
        Map<String, Path> files = new LinkedHashMap<>();
        for (Map.Entry<String, S3Location> file : channels.files(channel, host, job.hosts()).entrySet()) {
          Path link = folder.next();
          objects.link(file.getValue(), link);
          files.put(file.getKey(), link);
        }
        byChannel.put(channel.channelName(), files);
      }
      inputs.add(byChannel);
    }
    return TrainingWorkload.spec(job, image, resources, inputs, checkpoints.restore(job, folder));
  }

  /** Removes the links; the hosts that saw them have ended. */
  void discard(TrainingJob job) {
    staging.discard(TrainingWorkload.id(job).value());
  }

  private RoleObjects objects(TrainingJob job) {
    return roles.objects(job.request().roleArn(), job.region(), job.name());
  }
}
