package dev.atelier.tuning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LossesTest {
  private static double average(Losses losses) {
    return (losses.total() + losses.carry()) / losses.epoch();
  }

  @Test
  void theAverageOfEqualLossesIsEachOfThem() {
    Losses losses = Losses.NONE;
    for (int epoch = 0; epoch < 10_000; epoch++) {
      losses = losses.and(0.1);
      assertThat(average(losses)).isEqualTo(0.1);
    }
  }

  @Test
  void averagesAndLeastLossesAreThoseOfAllLosses() {
    Random random = new Random(7);
    BigDecimal sum = BigDecimal.ZERO;
    double least = Double.POSITIVE_INFINITY;
    Losses losses = Losses.NONE;
    for (int epoch = 1; epoch <= 2_000; epoch++) {
      double loss = random.nextGaussian() * Math.pow(10, random.nextInt(12) - 6);
      sum = sum.add(new BigDecimal(loss));
      least = Math.min(least, loss);
      losses = losses.and(loss);
      double exact = sum.divide(BigDecimal.valueOf(epoch), MathContext.DECIMAL128).doubleValue();
      assertThat(average(losses)).isCloseTo(exact, within(Math.ulp(exact)));
      assertThat(losses.least()).isEqualTo(least);
    }
  }

  @Test
  void everyEpochOfANormalLogIsComparedAndFewOfALongOne() {
    assertThat(IntStream.rangeClosed(1, 1_000)).allMatch(Losses::compared);
    assertThat(IntStream.rangeClosed(1, 10_000_000).filter(Losses::compared).count()).isEqualTo(1_000 + 4 * 900);
    assertThat(IntStream.of(1_010, 9_990, 10_100, 100_000)).allMatch(Losses::compared);
    assertThat(IntStream.of(1_001, 1_015, 10_010, 100_100)).noneMatch(Losses::compared);
  }
}
