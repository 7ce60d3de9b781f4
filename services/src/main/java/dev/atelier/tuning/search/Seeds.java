package dev.atelier.tuning.search;

import java.util.SplittableRandom;

/** Streams of random numbers that differ from trial to trial and are the same for the same seed. */
final class Seeds {
  private static final long GOLDEN = 0x9E3779B97F4A7C15L;

  private Seeds() {}

  static SplittableRandom of(long seed, long number) {
    // split once: generators that are seeded with neighbouring numbers begin alike
    return new SplittableRandom(seed ^ (number + 1) * GOLDEN).split();
  }
}
