package dev.atelier.logs.insights;

/** A query that cannot be read. */
public final class QueryError extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int from;
  private final int to;

  QueryError(String message, int from, int to) {
    super(message, null, false, false);
    this.from = from;
    this.to = to;
  }

  /** Where the query goes wrong, in characters. */
  public int from() {
    return from;
  }

  public int to() {
    return to;
  }
}
