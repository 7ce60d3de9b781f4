package dev.atelier.metrics;

import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SortedMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A figure of a distribution. The names are AWS's: {@code Average}, {@code p99.9}, {@code tm95}, {@code TM(10%:90%)},
 * {@code PR(:300)}, {@code IQM}. Percentiles are interpolated between the two nearest values. Of a range the lower bound
 * is exclusive, the upper inclusive.
 */
sealed interface Statistic {
  Pattern PERCENTILE = Pattern.compile("p(100(?:\\.0{1,10})?|\\d{1,2}(?:\\.\\d{1,10})?)");
  Pattern SHORT = Pattern.compile("(tm|wm|tc|ts)(100|\\d{1,2}(?:\\.\\d{1,10})?)");
  Pattern RANGE = Pattern.compile("(TM|WM|TC|TS|PR)\\("
      + "(-?\\d{1,15}(?:\\.\\d{1,10})?%?)?:(-?\\d{1,15}(?:\\.\\d{1,10})?%?)?\\)");

  /** The figure; empty when the distribution does not tell it. */
  OptionalDouble of(Distribution values);

  /** The statistics that every distribution tells. */
  enum Plain implements Statistic {
    SampleCount, Average, Sum, Minimum, Maximum;

    @Override
    public OptionalDouble of(Distribution values) {
      return OptionalDouble.of(switch (this) {
        case SampleCount -> values.count();
        case Average -> values.sum() / values.count();
        case Sum -> values.sum();
        case Minimum -> values.minimum();
        case Maximum -> values.maximum();
      });
    }
  }

  /** @param percent 0 to 100 */
  record Percentile(double percent) implements Statistic {
    @Override
    public OptionalDouble of(Distribution values) {
      return values.known() ? OptionalDouble.of(percentile(values, percent)) : OptionalDouble.empty();
    }
  }

  /** What a range is used for. */
  enum Trim { TM, WM, TC, TS, PR }

  /**
   * A statistic of the values of a range.
   *
   * @param percent whether the bounds are percentiles rather than values
   */
  record Trimmed(Trim kind, OptionalDouble low, OptionalDouble high, boolean percent) implements Statistic {
    @Override
    public OptionalDouble of(Distribution values) {
      if (!values.known()) {
        return OptionalDouble.empty();
      }
      double from = low.isPresent() ? bound(values, low.getAsDouble()) : Double.NEGATIVE_INFINITY;
      double to = high.isPresent() ? bound(values, high.getAsDouble()) : Double.POSITIVE_INFINITY;
      double times = 0;
      double sum = 0;
      double winsorized = 0;
      for (var entry : values.values().entrySet()) {
        double value = entry.getKey();
        boolean inside = value <= to && (value > from || percent && low.orElse(0) <= 0);
        times += inside ? entry.getValue() : 0;
        sum += inside ? value * entry.getValue() : 0;
        winsorized += Math.min(Math.max(value, from), to) * entry.getValue();
      }
      return switch (kind) {
        case TM -> times == 0 ? OptionalDouble.empty() : OptionalDouble.of(sum / times);
        case WM -> OptionalDouble.of(winsorized / values.count());
        case TC -> OptionalDouble.of(times);
        case TS -> OptionalDouble.of(sum);
        case PR -> OptionalDouble.of(100 * times / values.count());
      };
    }

    private double bound(Distribution values, double given) {
      return percent ? percentile(values, given) : given;
    }
  }

  /** The statistic of a name; empty when AWS has none of it. */
  static Optional<Statistic> parse(String name) {
    for (Plain plain : Plain.values()) {
      if (plain.name().equals(name)) {
        return Optional.of(plain);
      }
    }
    if (name.equals("IQM")) {
      return Optional.of(new Trimmed(Trim.TM, OptionalDouble.of(25), OptionalDouble.of(75), true));
    }
    Matcher percentile = PERCENTILE.matcher(name);
    if (percentile.matches()) {
      return Optional.of(new Percentile(Double.parseDouble(percentile.group(1))));
    }
    Matcher brief = SHORT.matcher(name);
    if (brief.matches()) {
      double percent = Double.parseDouble(brief.group(2));
      // a winsorized mean cuts both ends, the others the upper one
      return Optional.of(new Trimmed(Trim.valueOf(brief.group(1).toUpperCase(java.util.Locale.ROOT)),
          brief.group(1).equals("wm") ? OptionalDouble.of(100 - percent) : OptionalDouble.empty(),
          OptionalDouble.of(percent), true));
    }
    return range(RANGE.matcher(name));
  }

  private static Optional<Statistic> range(Matcher range) {
    if (!range.matches() || range.group(2) == null && range.group(3) == null) {
      return Optional.empty();
    }
    Trim kind = Trim.valueOf(range.group(1));
    String some = range.group(2) == null ? range.group(3) : range.group(2);
    boolean percent = some.endsWith("%");
    OptionalDouble low = number(range.group(2));
    OptionalDouble high = number(range.group(3));
    boolean mixed = range.group(2) != null && range.group(3) != null
        && range.group(2).endsWith("%") != range.group(3).endsWith("%");
    boolean outside = percent && (outside(low) || outside(high));
    boolean reversed = low.isPresent() && high.isPresent() && low.getAsDouble() >= high.getAsDouble();
    return mixed || outside || reversed || percent && kind == Trim.PR ? Optional.empty()
        : Optional.of(new Trimmed(kind, low, high, percent));
  }

  private static boolean outside(OptionalDouble percent) {
    return percent.isPresent() && (percent.getAsDouble() < 0 || percent.getAsDouble() > 100);
  }

  private static OptionalDouble number(String text) {
    return text == null ? OptionalDouble.empty() : OptionalDouble.of(Double.parseDouble(text.replace("%", "")));
  }

  private static double percentile(Distribution values, double percent) {
    SortedMap<Double, Double> sorted = values.values();
    double rank = percent / 100 * (values.count() - 1);
    double before = 0;
    double lower = values.minimum();
    for (var entry : sorted.entrySet()) {
      double last = before + entry.getValue() - 1;
      if (rank <= last) {
        double fraction = before - rank;
        return fraction > 0 && before > 0 ? entry.getKey() - (entry.getKey() - lower) * Math.min(1, fraction)
            : entry.getKey();
      }
      lower = entry.getKey();
      before += entry.getValue();
    }
    return values.maximum();
  }
}
