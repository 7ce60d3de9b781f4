package dev.atelier.runtimes;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Makes images ready to run. */
public interface Images {

  /**
   * Resolves an image and builds what it needs, which may take minutes the first time; requests for the same runtime
   * wait for one build.
   *
   * @param progress told in sentences while something is built
   * @throws ImageException the image is not known, or its runtime cannot be built
   */
  PreparedImage prepare(ImageRequest request, Consumer<String> progress);

  /** Why nothing can be run from an image, naming what can; empty when its name is known. Builds nothing. */
  default Optional<String> refusal(String uri) {
    return Optional.empty();
  }

  /** What this machine lacks to run an image that is there, and what to do about it; empty when it lacks nothing. */
  default Optional<String> lack(String uri) {
    return Optional.empty();
  }

  /** Sentences on what an image's name asks for and its runtime has not, as far as is known before it is built. */
  default List<String> differences(String uri) {
    return List.of();
  }

  /**
   * The metrics that an image's built-in algorithm defines for itself: regular expressions over its log by name; none
   * for other programs and unknown images.
   */
  default Map<String, String> metrics(ImageRequest request) {
    return Map.of();
  }
}
