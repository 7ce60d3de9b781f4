package dev.atelier.training;

import dev.atelier.compute.Mount;
import dev.atelier.jobs.S3Location;
import dev.atelier.kernel.Fault;
import dev.atelier.models.sagemaker.CheckpointConfig;
import dev.atelier.models.sagemaker.CreateTrainingJobRequest;
import dev.atelier.runtimes.RuntimeCatalogue;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where a job's checkpoints are.
 *
 * @param prefix in S3; its key is empty or ends with a slash
 * @param folder as the program sees it, absolute and plain
 */
record CheckpointPlace(S3Location prefix, String folder) {
  static final String DEFAULT_FOLDER = TrainingWorkload.ROOT + "/checkpoints";
  private static final List<Path> TAKEN = Stream.concat(Mount.SYSTEM.stream(),
      Stream.of(TrainingWorkload.ROOT + "/input", TrainingWorkload.MODEL, TrainingWorkload.OUTPUT,
          TrainingWorkload.ROOT + "/code", RuntimeCatalogue.INSIDE, "/run").map(Path::of)).toList();

  /**
   * The place that a request asks for, none when it asks for no checkpoints.
   *
   * @throws Fault ValidationException when there can be no checkpoints at such a place
   */
  static Optional<CheckpointPlace> of(CreateTrainingJobRequest request) {
    CheckpointConfig config = request.checkpointConfig();
    return config == null ? Optional.empty() : Optional.of(new CheckpointPlace(
        S3Location.parse(config.s3Uri()).child(""),
        config.localPath() == null ? DEFAULT_FOLDER : folder("CheckpointConfig", config.localPath())));
  }

  /** A folder that a program may be given for itself. @throws Fault ValidationException when it is another's */
  static String folder(String member, String text) {
    Path path = Path.of(plain(member, text));
    for (Path taken : TAKEN) {
      if (path.startsWith(taken) || taken.startsWith(path)) {
        throw invalid(member, text, "is taken by " + taken);
      }
    }
    return path.toString();
  }

  /** An absolute path without detours. */
  static String plain(String member, String text) {
    Path path;
    try {
      path = Path.of(text);
    } catch (InvalidPathException e) {
      throw invalid(member, text, "is not a path");
    }
    if (!path.isAbsolute() || !path.equals(path.normalize())) {
      throw invalid(member, text, "must be an absolute path without . and ..");
    }
    return path.toString();
  }

  private static Fault invalid(String member, String path, String why) {
    return Fault.validation("The LocalPath \"" + path + "\" of the " + member + " " + why + ".");
  }
}
