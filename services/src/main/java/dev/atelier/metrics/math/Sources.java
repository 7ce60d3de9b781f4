package dev.atelier.metrics.math;

import java.util.List;

/** Where an expression's values come from. */
public interface Sources {

  /** The value of the query with this id. @throws MathError there is none, or it leads back to itself */
  Value named(String id);

  /** The metrics among the queries whose ids contain a text. */
  List<Value.Series> metrics(String part);

  /** The metrics that a search finds. */
  List<Value.Series> search(String terms, String statistic, int period);

  /** The first and, exclusive, the last second that is asked for. */
  long start();

  long end();

  /** The period in seconds of what has no other. */
  int period();
}
