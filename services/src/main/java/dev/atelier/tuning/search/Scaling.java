package dev.atelier.tuning.search;

/** How a numeric hyperparameter's range is laid out over [0, 1], in which all strategies search. */
public enum Scaling {
  LINEAR {
    @Override
    double forward(double value) {
      return value;
    }

    @Override
    double backward(double scaled) {
      return scaled;
    }
  },
  /** Equal ratios are equally long; values are greater than 0. */
  LOGARITHMIC {
    @Override
    double forward(double value) {
      return Math.log(value);
    }

    @Override
    double backward(double scaled) {
      return Math.exp(scaled);
    }
  },
  /** Equal ratios of what is missing to 1 are equally long, as of a momentum; values lie in [0, 1). */
  REVERSE_LOGARITHMIC {
    @Override
    double forward(double value) {
      return -Math.log1p(-value);
    }

    @Override
    double backward(double scaled) {
      return -Math.expm1(-scaled);
    }
  };

  /** A range that spans this ratio is searched by magnitude when its scaling is left open. */
  private static final double WIDE = 100;

  abstract double forward(double value);

  abstract double backward(double scaled);

  /** Where a value lies between the ends of its range, in [0, 1]; 0 in a range of one value. */
  double toUnit(double value, double min, double max) {
    double low = forward(min);
    double high = forward(max);
    return high > low ? Math.clamp((forward(value) - low) / (high - low), 0, 1) : 0;
  }

  /** The value at a place in [0, 1]; never outside the range, whatever rounding does. */
  double fromUnit(double unit, double min, double max) {
    double low = forward(min);
    double high = forward(max);
    return Math.clamp(backward(low + unit * (high - low)), min, max);
  }

  /** What SageMaker's {@code Auto} stands for: the scale on which the range is not squeezed to one of its ends. */
  public static Scaling auto(double min, double max) {
    if (min > 0 && max / min >= WIDE) {
      return LOGARITHMIC;
    }
    return min >= 0 && max < 1 && (1 - min) / (1 - max) >= WIDE ? REVERSE_LOGARITHMIC : LINEAR;
  }
}
