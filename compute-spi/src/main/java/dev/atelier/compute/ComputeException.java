package dev.atelier.compute;

/** A backend could not do what it was asked; the message says why, for the user whose job it was. */
public final class ComputeException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public ComputeException(String message) {
    super(message);
  }

  public ComputeException(String message, Throwable cause) {
    super(message, cause);
  }
}
