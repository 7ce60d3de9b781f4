package dev.atelier.algorithms;

/** A failure that the caller's data or configuration causes; the message is written to the failure file as it is. */
public final class UserError extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public UserError(String message) {
    super(message);
  }
}
