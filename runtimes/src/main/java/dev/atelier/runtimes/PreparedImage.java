package dev.atelier.runtimes;

import dev.atelier.compute.Image;
import java.util.List;
import java.util.Optional;

/**
 * An image that is ready to run.
 *
 * @param workingDirectory where its programs begin, where the image says so
 * @param launcher what goes before every command, to make the image's programs ready
 * @param train the command of a training container
 * @param serve the command of a serving container
 * @param differences sentences that name where the runtime differs from what the image's tag asks for; shown in the
 *     job's log and status message
 */
public record PreparedImage(
    Image image, Optional<String> workingDirectory, List<String> launcher, List<String> train,
    List<String> serve, List<String> differences) {
  /** An image that leaves the working directory to who runs it. */
  public PreparedImage(
      Image image, List<String> launcher, List<String> train, List<String> serve, List<String> differences) {
    this(image, Optional.empty(), launcher, train, serve, differences);
  }

  public PreparedImage {
    launcher = List.copyOf(launcher);
    train = List.copyOf(train);
    serve = List.copyOf(serve);
    differences = List.copyOf(differences);
  }
}
