package dev.atelier.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StatisticTest {
  private static Distribution oneTo(int last) {
    Distribution values = Distribution.empty();
    for (int i = 1; i <= last; i++) {
      values.add(i, 1);
    }
    return values;
  }

  private static double of(String name, Distribution values) {
    return Statistic.parse(name).orElseThrow().of(values).orElseThrow();
  }

  @ParameterizedTest
  @CsvSource({"SampleCount, 11", "Sum, 66", "Average, 6", "Minimum, 1", "Maximum, 11", "p0, 1", "p100, 11", "p50, 6",
    "p95, 10.5", "p99.9, 10.99", "tm90, 5.5", "TM(10%:90%), 6.5", "ts90, 55", "tc90, 10", "TC(3:8), 5", "PR(:5), 45.4545",
    "TS(9:), 21", "IQM, 6", "WM(10%:90%), 6", "wm90, 6"})
  void figures(String name, double expected) {
    assertThat(of(name, oneTo(11))).isCloseTo(expected, within(0.001));
  }

  @Test
  void countsWeigh() {
    Distribution values = Distribution.empty().add(1, 98).add(100, 2);
    assertThat(of("p50", values)).isEqualTo(1);
    assertThat(of("p99", values)).isEqualTo(100);
    assertThat(of("Average", values)).isCloseTo(2.98, within(1e-9));
  }

  @ParameterizedTest
  @ValueSource(strings = {"90", "p101", "p", "average", "tm", "TM(:)", "TM(90%:10%)", "TM(10:90%)", "PR(10%:20%)",
    "TM(10%:120%)", "p-1", ""})
  void whatAwsHasNot(String name) {
    assertThat(Statistic.parse(name)).isEmpty();
  }

  @Test
  void aSetTellsNoPercentilesUnlessItsValuesAreTheSame() {
    assertThat(Statistic.parse("p90").orElseThrow().of(Distribution.ofSet(3, 123, 12, 100))).isEmpty();
    assertThat(of("p90", Distribution.ofSet(3, 6, 2, 2))).isEqualTo(2);
  }

  @Test
  void manyValuesAreKeptToThreeDigits() {
    Distribution values = Distribution.empty();
    for (int i = 1; i <= 100_000; i++) {
      values.add(i, 1);
    }
    assertThat(values.values()).hasSizeLessThanOrEqualTo(1_001);
    assertThat(of("p90", values)).isCloseTo(90_000, within(1_000.0));
    assertThat(values.count()).isEqualTo(100_000);
  }

  @Test
  void survivesItsBytes() throws IOException {
    for (Distribution each : new Distribution[] {oneTo(7), Distribution.ofSet(3, 9, 1, 5), Distribution.of(-0.5)}) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      each.write(new DataOutputStream(bytes));
      Distribution read = Distribution.read(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())));
      assertThat(read).usingRecursiveComparison().isEqualTo(each);
    }
  }
}
