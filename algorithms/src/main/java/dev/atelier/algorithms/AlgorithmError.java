package dev.atelier.algorithms;

/** A failure of the algorithm itself, with the cause that its library gave. */
public final class AlgorithmError extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public AlgorithmError(String message, Throwable cause) {
    super(message, cause);
  }
}
