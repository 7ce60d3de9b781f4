package dev.atelier.logs.insights;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** One aggregate over rows as they come. Percentiles keep their values. */
final class Aggregates {
  private static final Set<String> NAMES = Set.of("count", "sum", "avg", "min", "max", "pct", "percentile", "median",
      "stddev", "count_distinct", "earliest", "latest", "sortsfirst", "sortslast");

  private final Query.Aggregate aggregate;
  private final List<Double> values = new ArrayList<>();
  private final Set<String> distinct = new HashSet<>();
  private double count;
  private double sum;
  private double squares;
  private Object least;
  private Object most;
  private Object chosen;
  private Object chosenAt;

  Aggregates(Query.Aggregate aggregate) {
    this.aggregate = aggregate;
  }

  static boolean known(String function, List<Expr> arguments) {
    int wanted = function.equals("pct") || function.equals("percentile") ? 2 : 1;
    return NAMES.contains(function) && (arguments.size() == wanted || function.equals("count") && arguments.isEmpty());
  }

  void add(Row row) {
    boolean all = aggregate.arguments().isEmpty()
        || aggregate.arguments().getFirst() instanceof Expr.Field field && field.name().equals("*");
    Object value = all ? "" : Evaluation.value(aggregate.arguments().getFirst(), row);
    if (value == null) {
      return;
    }
    count++;
    switch (aggregate.function()) {
      case "count_distinct" -> distinct.add(Evaluation.text(value));
      case "earliest", "latest" -> choose(value, row.get("@timestamp"));
      default -> {
        least = least == null || Evaluation.compare(value, least) < 0 ? value : least;
        most = most == null || Evaluation.compare(value, most) > 0 ? value : most;
        Double number = Evaluation.number(value);
        if (number != null) {
          values.add(number);
          sum += number;
          squares += number * number;
        }
      }
    }
  }

  private void choose(Object value, Object at) {
    boolean latest = aggregate.function().equals("latest");
    int order = chosenAt == null ? 0 : Evaluation.compare(at, chosenAt);
    if (chosenAt == null || (latest ? order >= 0 : order < 0)) {
      chosen = value;
      chosenAt = at;
    }
  }

  Object result() {
    return switch (aggregate.function()) {
      case "count" -> count;
      case "count_distinct" -> (double) distinct.size();
      case "sum" -> sum;
      case "avg" -> values.isEmpty() ? null : sum / values.size();
      case "min", "sortsfirst" -> least;
      case "max", "sortslast" -> most;
      case "stddev" -> values.isEmpty() ? null : deviation();
      case "median" -> percentile(50);
      case "pct", "percentile" -> {
        Double percent = Evaluation.number(Evaluation.value(aggregate.arguments().get(1), new Row(java.util.Map.of())));
        yield percent == null ? null : percentile(Math.clamp(percent, 0, 100));
      }
      default -> chosen;
    };
  }

  private Object deviation() {
    double mean = sum / values.size();
    return Math.sqrt(Math.max(0, squares / values.size() - mean * mean));
  }

  private Object percentile(double percent) {
    if (values.isEmpty()) {
      return null;
    }
    Collections.sort(values);
    double rank = percent / 100 * (values.size() - 1);
    double below = values.get((int) Math.floor(rank));
    return below + (values.get((int) Math.ceil(rank)) - below) * (rank - Math.floor(rank));
  }
}
