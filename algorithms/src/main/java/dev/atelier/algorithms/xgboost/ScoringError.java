package dev.atelier.algorithms.xgboost;

/** A request that cannot be answered with a prediction, with the HTTP status that says why. */
final class ScoringError extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final int status;

  ScoringError(int status, String message) {
    super(message);
    this.status = status;
  }

  int status() {
    return status;
  }
}
