package dev.atelier.algorithms;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PythonTextTest {
  /** Expectations are what CPython 3.11 prints. */
  @ParameterizedTest
  @CsvSource({"0,0.0", "-0.5,-0.5", "1e-5,1e-05", "0.0001,0.0001", "12345678.9,12345678.9", "1e7,10000000.0",
      "1e16,1e+16", "1e15,1000000000000000.0", "2.5e-7,2.5e-07", "1.5e300,1.5e+300", "0.5123456716537476,"
      + "0.5123456716537476"})
  void printsNumbers(double value, String text) {
    assertThat(PythonText.number(value)).isEqualTo(text);
  }

  @Test
  void everyNumberReadsBackTheSame() {
    long seed = System.nanoTime();
    var random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    for (int i = 0; i < 20_000; i++) {
      double value = Float.intBitsToFloat(random.nextInt());
      assertThat(Double.parseDouble(PythonText.number(value).replace("nan", "NaN").replace("inf", "Infinity")))
          .as("seed %d", seed).isEqualTo(Double.valueOf(value));
    }
  }

  @Test
  void intervalsKnowTheirEnds() {
    assertThat(Interval.of("(0, 1]").contains(0)).isFalse();
    assertThat(Interval.of("(0, 1]").contains(1)).isTrue();
    assertThat(Interval.of("[0, +inf)").contains(1e300)).isTrue();
    assertThat(Interval.of("[0, 1)").contains(1)).isFalse();
    assertThat(Interval.of("[0, 1]").contains(Double.NaN)).isFalse();
  }
}
