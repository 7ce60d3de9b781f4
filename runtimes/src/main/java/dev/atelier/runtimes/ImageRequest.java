package dev.atelier.runtimes;

import java.util.Optional;

/**
 * What is asked of an image.
 *
 * @param uri as the API was given it
 * @param role the ARN of the role that it is pulled with; images of the catalogue need none
 */
public record ImageRequest(String uri, Program program, Optional<String> role) {

  /** An image of the catalogue. */
  public ImageRequest(String uri, Program program) {
    this(uri, program, Optional.empty());
  }

  /** What is to run in it; images that hold both a Python framework and an algorithm choose by it. */
  public enum Program {
    /** The image's own program. */
    ALGORITHM,
    /** A script of the user, named by {@code sagemaker_program}. */
    SCRIPT,
    /** A container entry point of the request's own. */
    COMMAND,
    /** A notebook of the user's, by a program that AWS's images have; all it asks of the image is a kernel. */
    NOTEBOOK
  }
}
