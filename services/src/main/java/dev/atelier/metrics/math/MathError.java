package dev.atelier.metrics.math;

/** An expression that cannot be read or does not fit its values; the message is meant for who wrote it. */
public final class MathError extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public MathError(String message) {
    super(message, null, false, false);
  }
}
