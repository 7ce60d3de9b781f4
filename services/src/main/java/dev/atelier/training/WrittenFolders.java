package dev.atelier.training;

import dev.atelier.jobs.FolderPass;
import dev.atelier.jobs.FolderUploads;
import dev.atelier.jobs.JobPlatform;
import dev.atelier.jobs.JobRoles;
import dev.atelier.jobs.OutputCheck;
import dev.atelier.jobs.RoleObjects;
import dev.atelier.jobs.S3Location;
import dev.atelier.kernel.Fault;
import dev.atelier.models.sagemaker.CreateTrainingJobRequest;
import java.util.ArrayList;
import java.util.List;

/**
 * What a job's program writes for people to look at while it runs: TensorBoard's events, the tensors of Debugger, and the
 * profiler's files. They go to S3 as they are written.
 */
final class WrittenFolders {
  private static final String TENSORBOARD = TrainingWorkload.OUTPUT + "/tensorboard";
  private static final String TENSORS = TrainingWorkload.OUTPUT + "/tensors";
  private static final String PROFILER = TrainingWorkload.OUTPUT + "/profiler";

  private final JobRoles roles;
  private final FolderUploads uploads;

  WrittenFolders(JobPlatform platform) {
    this.roles = platform.roles();
    this.uploads = new FolderUploads(platform.backend(), platform.logs());
  }

  /**
   * One folder.
   *
   * @param below the folder of the job's prefix that SageMaker's clients look for it in
   */
  record Place(String inside, String s3, String below) {}

  /** The folders that a request asks for. @throws Fault ValidationException when one cannot be where it is to be */
  static List<Place> all(CreateTrainingJobRequest request) {
    List<Place> places = new ArrayList<>();
    if (request.tensorBoardOutputConfig() != null) {
      places.add(place("TensorBoardOutputConfig", request.tensorBoardOutputConfig().localPath(), TENSORBOARD,
          request.tensorBoardOutputConfig().s3OutputPath(), "tensorboard-output"));
    }
    if (request.debugHookConfig() != null) {
      places.add(place("DebugHookConfig", request.debugHookConfig().localPath(), TENSORS, request.debugHookConfig().s3OutputPath(),
          "debug-output"));
    }
    if (request.profilerConfig() != null && request.profilerConfig().s3OutputPath() != null) {
      places.add(new Place(PROFILER, request.profilerConfig().s3OutputPath(), "profiler-output"));
    }
    places.forEach(place -> S3Location.parse(place.s3()));
    return places;
  }

  private static Place place(String member, String wanted, String usual, String s3, String below) {
    boolean inOutput = wanted == null || wanted.startsWith(TrainingWorkload.OUTPUT + "/");
    return new Place(wanted == null ? usual : inOutput ? CheckpointPlace.plain(member, wanted)
        : CheckpointPlace.folder(member, wanted),
        s3, below);
  }

  /**
   * Looks at where people are to watch a job. Debugger and the profiler are asked for by clients' own defaults, and
   * need not write anything.
   *
   * @throws Fault ValidationException which names the place: there is no such bucket, or the role may not write there
   */
  void check(TrainingJob job) {
    if (job.request().tensorBoardOutputConfig() != null) {
      String uri = job.request().tensorBoardOutputConfig().s3OutputPath();
      OutputCheck.target("The TensorBoardOutputConfig", uri,
          () -> objects(job).checkPut(target(job, all(job.request()).getFirst())));
    }
  }

  private RoleObjects objects(TrainingJob job) {
    return roles.objects(job.request().roleArn(), job.region(), job.name());
  }

  private static S3Location target(TrainingJob job, Place place) {
    return S3Location.parse(place.s3()).child(job.name()).child(place.below()).child("");
  }

  /** Whether a folder needs a mount of its own. */
  static boolean isApart(Place place) {
    return !place.inside().startsWith(TrainingWorkload.OUTPUT + "/");
  }

  private FolderUploads.Upload upload(TrainingJob job) {
    List<FolderPass.Folder> folders = all(job.request()).stream().map(place -> new FolderPass.Folder(
        TrainingWorkload.id(job), job.cluster().hosts(), place.inside(), target(job, place),
        job.startedAt().orElse(job.createdAt()), job.volumeBytes(), "a file of " + place.below(),
        "files of " + place.below())).toList();
    return new FolderUploads.Upload(job.arn(), TrainingWorkload.id(job), objects(job), TrainingOutput.log(job, 0),
        folders);
  }

  /** Whether there is something to pass for. */
  boolean follow(TrainingJob job) {
    return !all(job.request()).isEmpty();
  }

  void pass(TrainingJob job) {
    if (follow(job)) {
      uploads.pass(upload(job));
    }
  }

  void finish(TrainingJob job) {
    if (follow(job)) {
      uploads.finish(upload(job));
    }
  }

  void release(TrainingJob job) {
    if (follow(job)) {
      uploads.release(upload(job), job.startedAt().isPresent());
    }
  }
}
