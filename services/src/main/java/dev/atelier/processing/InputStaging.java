package dev.atelier.processing;

import dev.atelier.compute.ComputeBackend;
import dev.atelier.compute.Mount;
import dev.atelier.compute.Resources;
import dev.atelier.compute.WorkloadSpec;
import dev.atelier.jobs.InputFiles;
import dev.atelier.jobs.JobLogs;
import dev.atelier.jobs.JobPlatform;
import dev.atelier.jobs.JobRoles;
import dev.atelier.jobs.OutputCheck;
import dev.atelier.jobs.RoleObjects;
import dev.atelier.jobs.S3Location;
import dev.atelier.jobs.StagedFiles;
import dev.atelier.jobs.StagingArea;
import dev.atelier.kernel.Fault;
import dev.atelier.models.sagemaker.ProcessingInput;
import dev.atelier.models.sagemaker.ProcessingOutput;
import dev.atelier.models.sagemaker.ProcessingS3Input;
import dev.atelier.runtimes.Images;
import dev.atelier.runtimes.PreparedImage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Makes ready what a job's program starts with: its image and its inputs. */
final class InputStaging {
  private final ComputeBackend backend;
  private final Images images;
  private final JobRoles roles;
  private final StagingArea staging;
  private final JobLogs logs;

  InputStaging(JobPlatform platform) {
    this.backend = platform.backend();
    this.images = platform.images();
    this.roles = platform.roles();
    this.staging = platform.staging();
    this.logs = platform.logs();
  }

  /**
   * Every input must have files that the role can see, every output a bucket and a key that can be used.
   *
   * @throws Fault ValidationException
   */
  void check(ProcessingJob job) {
    InputFiles files = new InputFiles(objects(job));
    staged(job).forEach(input -> files.check(input.s3Input().s3DataType(), input.s3Input().s3Uri()));
    RoleObjects targets = OutputUploads.encrypting(objects(job), job);
    for (ProcessingOutput output : job.storedOutputs()) {
      String uri = output.s3Output().s3Uri();
      OutputCheck.target("The ProcessingOutput " + output.outputName(), uri,
          () -> targets.checkTarget(S3Location.parse(uri).child(output.outputName())));
    }
  }

  private static List<ProcessingInput> staged(ProcessingJob job) {
    return job.request().processingInputs().stream().filter(input -> !input.appManaged()).toList();
  }

  /** Builds the image's runtime where it is not there yet; what it differs in is said in the log. */
  void prepareImage(ProcessingJob job) {
    PreparedImage image = images.prepare(ProcessingWorkload.image(job), progress -> tell(job, progress));
    ProcessingWorkload.command(job, image);
    image.differences().forEach(difference -> tell(job, difference));
  }

  /** Says something about the job in its log. */
  void tell(ProcessingJob job, String sentence) {
    logs.platform(OutputUploads.log(job, 0), sentence);
  }

  /** The workload with every input's files linked into a folder of the attempt's own. */
  WorkloadSpec stage(ProcessingJob job, Resources resources) {
    PreparedImage image = images.prepare(ProcessingWorkload.image(job), progress -> { });
    InputFiles found = new InputFiles(objects(job));
    StagingArea.Folder folder = staging.fresh(ProcessingWorkload.id(job).value());
    boolean packs = backend.mountsPacked(image.image());
    List<List<Mount>> inputs = new ArrayList<>();
    for (int host = 0; host < job.hosts(); host++) {
      inputs.add(new ArrayList<>());
    }
    for (ProcessingInput input : staged(job)) {
      List<Mount> parts = parts(job, input, found, folder, packs);
      for (int host = 0; host < job.hosts(); host++) {
        inputs.get(host).add(parts.get(host % parts.size()));
      }
    }
    return ProcessingWorkload.spec(job, image, resources, inputs);
  }

  /** What the hosts have of an input: each its own, or all the same. */
  private static List<Mount> parts(ProcessingJob job, ProcessingInput input, InputFiles found,
      StagingArea.Folder folder, boolean packs) {
    ProcessingS3Input source = input.s3Input();
    String inside = ProcessingWorkload.folder(input);
    int parts = "ShardedByS3Key".equals(source.s3DataDistributionType()) ? job.hosts() : 1;
    try (StagedFiles files = new StagedFiles(parts, folder, packs && !ProcessingWorkload.isStored(job, inside),
        file -> linked(file, folder.next()))) {
      found.each(source.s3DataType(), source.s3Uri(), files::add);
      return files.mounts(inside);
    }
  }

  private static Path linked(InputFiles.Found file, Path link) {
    file.link().accept(link);
    return link;
  }

  /** Removes the links; the hosts that saw them have ended. */
  void discard(ProcessingJob job) {
    staging.discard(ProcessingWorkload.id(job).value());
  }

  private RoleObjects objects(ProcessingJob job) {
    return roles.objects(job.request().roleArn(), job.region(), job.name());
  }
}
