package dev.atelier.tuning.search;

import java.util.SplittableRandom;
import org.apache.commons.math3.random.SobolSequenceGenerator;

/**
 * Points of a Sobol sequence (direction numbers of Joe and Kuo, "Constructing Sobol Sequences with Better
 * Two-Dimensional Projections", 2008), moved by one random shift modulo 1 (Cranley and Patterson, 1976), so that they
 * fill the cube evenly and differ from seed to seed.
 */
final class QuasiRandom {
  private final SobolSequenceGenerator sequence;
  private final double[] shift;

  QuasiRandom(int dimensions, SplittableRandom random) {
    sequence = new SobolSequenceGenerator(dimensions);
    shift = random.doubles(dimensions).toArray();
  }

  /** The point of a number, from 0. */
  double[] point(int number) {
    return shifted(sequence.skipTo(number));
  }

  /** The point after the last one. */
  double[] next() {
    return shifted(sequence.nextVector());
  }

  private double[] shifted(double[] point) {
    for (int i = 0; i < point.length; i++) {
      point[i] = (point[i] + shift[i]) % 1;
    }
    return point;
  }
}
