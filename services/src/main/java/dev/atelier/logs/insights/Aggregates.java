package dev.atelier.logs.insights;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * One aggregate over rows as they come. Percentiles keep their values, of many a random sample of {@value #SAMPLE}: as on
 * AWS they are near the truth then, not exact.
 */
final class Aggregates {
  private static final Set<String> NAMES = Set.of("count", "sum", "avg", "min", "max", "pct", "percentile", "median",
      "stddev", "count_distinct", "earliest", "latest", "sortsfirst", "sortslast");

  private final Query.Aggregate aggregate;
  private static final int SAMPLE = 32_768;

  private final Set<String> distinct = new HashSet<>();
  private final SplittableRandom random = new SplittableRandom(1);
  private final Budget budget;
  private double[] sample = new double[0];
  private long numbers;
  private double count;
  private double sum;
  private double squares;
  private Object chosen;
  private Object chosenAt;

  Aggregates(Query.Aggregate aggregate, Budget budget) {
    this.aggregate = aggregate;
    this.budget = budget;
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
      case "count" -> { }
      case "count_distinct" -> {
        String text = Evaluation.text(value);
        if (distinct.add(text)) {
          budget.take(Budget.ENTRY_BYTES + Budget.bytes(text));
        }
      }
      case "earliest", "latest" -> choose(value, row.get("@timestamp"));
      case "min", "sortsfirst" -> {
        if (chosen == null || Evaluation.compare(value, chosen) < 0) {
          choose(value);
        }
      }
      case "max", "sortslast" -> {
        if (chosen == null || Evaluation.compare(value, chosen) > 0) {
          choose(value);
        }
      }
      default -> {
        Double number = Evaluation.number(value);
        if (number != null) {
          keep(number);
          numbers++;
          sum += number;
          squares += number * number;
        }
      }
    }
  }

  /** Every one of the numbers is in the sample with the same likelihood. */
  private void keep(double number) {
    if (!aggregate.function().startsWith("p") && !aggregate.function().equals("median")) {
      return;
    }
    if (numbers < SAMPLE) {
      if (numbers == sample.length) {
        int grown = Math.min(SAMPLE, Math.max(8, 2 * sample.length));
        budget.take(Double.BYTES * (grown - sample.length));
        sample = Arrays.copyOf(sample, grown);
      }
      sample[(int) numbers] = number;
    } else {
      long place = random.nextLong(numbers + 1);
      if (place < SAMPLE) {
        sample[(int) place] = number;
      }
    }
  }

  private void choose(Object value, Object at) {
    boolean latest = aggregate.function().equals("latest");
    int order = chosenAt == null ? 0 : Evaluation.compare(at, chosenAt);
    if (chosenAt == null || (latest ? order >= 0 : order < 0)) {
      choose(value);
      budget.give(Budget.bytes(chosenAt));
      budget.take(Budget.bytes(at));
      chosenAt = at;
    }
  }

  private void choose(Object value) {
    budget.give(Budget.bytes(chosen));
    budget.take(Budget.bytes(value));
    chosen = value;
  }

  Object result() {
    return switch (aggregate.function()) {
      case "count" -> count;
      case "count_distinct" -> (double) distinct.size();
      case "sum" -> sum;
      case "avg" -> numbers == 0 ? null : sum / numbers;
      case "stddev" -> numbers == 0 ? null : deviation();
      case "median" -> percentile(50);
      case "pct", "percentile" -> {
        Double percent = Evaluation.number(Evaluation.value(aggregate.arguments().get(1), new Row(java.util.Map.of())));
        yield percent == null ? null : percentile(Math.clamp(percent, 0, 100));
      }
      default -> chosen;
    };
  }

  private Object deviation() {
    double mean = sum / numbers;
    return Math.sqrt(Math.max(0, squares / numbers - mean * mean));
  }

  private Object percentile(double percent) {
    if (numbers == 0) {
      return null;
    }
    double[] sorted = Arrays.copyOf(sample, (int) Math.min(numbers, SAMPLE));
    Arrays.sort(sorted);
    double rank = percent / 100 * (sorted.length - 1);
    double below = sorted[(int) Math.floor(rank)];
    return below + (sorted[(int) Math.ceil(rank)] - below) * (rank - Math.floor(rank));
  }
}
