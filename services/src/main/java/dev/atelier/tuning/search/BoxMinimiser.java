package dev.atelier.tuning.search;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Finds a local minimum of a smooth function within a box: L-BFGS on the coordinates that are free to move (Nocedal and
 * Wright, "Numerical Optimization", 2006, algorithm 7.4), its steps projected onto the box (Bertsekas, "Projected
 * Newton Methods", 1982) and shortened until they pay.
 */
final class BoxMinimiser {
  private static final int MEMORY = 8;
  private static final int SHORTENINGS = 12;
  private static final double ARMIJO = 1e-4;
  private static final double FLAT = 1e-5;
  private static final double GAIN = 1e-9;

  private final double[] low;
  private final double[] high;
  private final int mostSteps;

  BoxMinimiser(double[] low, double[] high, int mostSteps) {
    this.low = low;
    this.high = high;
    this.mostSteps = mostSteps;
  }

  /** A smooth function. */
  @FunctionalInterface
  interface Function {
    /** The value at a point, whose gradient is written to {@code gradient}; infinite where there is none. */
    double at(double[] point, double[] gradient);
  }

  /** A point with its value. */
  record Minimum(double[] point, double value) {}

  private record Pair(double[] step, double[] change, double curvature) {}

  Minimum from(double[] start, Function function) {
    double[] point = clip(start.clone());
    double[] gradient = new double[point.length];
    double value = function.at(point, gradient);
    Deque<Pair> memory = new ArrayDeque<>();
    for (int turn = 0; turn < mostSteps && Double.isFinite(value); turn++) {
      double[] direction = direction(point, gradient, memory);
      double[] nextGradient = new double[point.length];
      Minimum next = search(point, value, gradient, direction, turn == 0, nextGradient, function);
      if (next == null && memory.isEmpty()) {
        break;
      }
      if (next == null) {
        memory.clear();
        continue;
      }
      remember(memory, minus(next.point, point), minus(nextGradient, gradient));
      boolean settled = value - next.value < GAIN * (1 + Math.abs(value));
      point = next.point;
      value = next.value;
      gradient = nextGradient;
      if (settled) {
        break;
      }
    }
    return new Minimum(point, value);
  }

  private Minimum search(double[] point, double value, double[] gradient, double[] direction, boolean first,
      double[] nextGradient, Function function) {
    double steepest = 0;
    for (double each : direction) {
      steepest = Math.max(steepest, Math.abs(each));
    }
    if (steepest < FLAT) {
      return null;
    }
    double length = first ? Math.min(1, 0.2 / steepest) : 1;
    for (int i = 0; i < SHORTENINGS; i++, length *= 0.4) {
      double[] next = point.clone();
      for (int k = 0; k < next.length; k++) {
        next[k] += length * direction[k];
      }
      clip(next);
      double expected = dot(gradient, minus(next, point));
      double nextValue = function.at(next, nextGradient);
      if (expected < 0 && nextValue <= value + ARMIJO * expected) {
        return new Minimum(next, nextValue);
      }
    }
    return null;
  }

  /** Downhill by the remembered curvature; coordinates that lean against the box stay. */
  private double[] direction(double[] point, double[] gradient, Deque<Pair> memory) {
    double[] result = new double[point.length];
    for (int i = 0; i < result.length; i++) {
      result[i] = fixed(point, gradient, i) ? 0 : gradient[i];
    }
    double[] weights = new double[memory.size()];
    int at = 0;
    for (Pair pair : memory) {
      weights[at] = dot(pair.step, result) / pair.curvature;
      add(result, -weights[at++], pair.change);
    }
    if (!memory.isEmpty()) {
      Pair newest = memory.getFirst();
      double scale = newest.curvature / dot(newest.change, newest.change);
      for (int i = 0; i < result.length; i++) {
        result[i] *= scale;
      }
    }
    for (Pair pair : memory.reversed()) {
      double weight = dot(pair.change, result) / pair.curvature;
      add(result, weights[--at] - weight, pair.step);
    }
    for (int i = 0; i < result.length; i++) {
      result[i] = fixed(point, gradient, i) ? 0 : -result[i];
    }
    return result;
  }

  private boolean fixed(double[] point, double[] gradient, int i) {
    return point[i] <= low[i] && gradient[i] > 0 || point[i] >= high[i] && gradient[i] < 0;
  }

  private static void remember(Deque<Pair> memory, double[] step, double[] change) {
    double curvature = dot(step, change);
    if (curvature > 1e-12) {
      memory.addFirst(new Pair(step, change, curvature));
      if (memory.size() > MEMORY) {
        memory.removeLast();
      }
    }
  }

  private double[] clip(double[] point) {
    for (int i = 0; i < point.length; i++) {
      point[i] = Math.clamp(point[i], low[i], high[i]);
    }
    return point;
  }

  private static double[] minus(double[] a, double[] b) {
    double[] result = a.clone();
    add(result, -1, b);
    return result;
  }

  private static void add(double[] to, double factor, double[] what) {
    for (int i = 0; i < to.length; i++) {
      to[i] += factor * what[i];
    }
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }
}
