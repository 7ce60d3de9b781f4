package dev.atelier.runtimes;

/** An image cannot be made ready; the message tells the user of the job why, and what to do. */
public final class ImageException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public ImageException(String message) {
    super(message);
  }
}
