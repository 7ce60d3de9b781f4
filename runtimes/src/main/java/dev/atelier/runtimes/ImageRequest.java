package dev.atelier.runtimes;

/**
 * What is asked of an image.
 *
 * @param uri as the API was given it
 */
public record ImageRequest(String uri, Program program) {

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
