package dev.atelier.algorithms.xgboost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atelier.algorithms.UserError;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TextFormatsTest {
  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static float number(String text) {
    return Numbers.read(bytes(text), 0, bytes(text).length);
  }

  @Test
  void readsNumbersAsJavaDoes() {
    long seed = System.nanoTime();
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < 20_000; i++) {
      double value = (random.nextDouble() - 0.5) * Math.pow(10, random.nextInt(-12, 12));
      String text = random.nextBoolean() ? Double.toString(value)
          : String.format(Locale.ROOT, "%." + random.nextInt(9) + "f", value);
      assertThat(number(text)).as("%s, seed %d", text, seed).isEqualTo((float) Double.parseDouble(text));
    }
  }

  @Test
  void aMissingValueIsNotANumber() {
    assertThat(number("")).isNaN();
    assertThat(number(" ")).isNaN();
    assertThat(number("NaN")).isNaN();
    assertThat(number(" +2 ")).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"abc", "1.2.3", "1,2", "-", ".", "1f", "0x10p", "--1", "1e", "\u0663"})
  void refusesWhatIsNoNumber(String text) {
    assertThatThrownBy(() -> number(text)).isInstanceOf(NumberFormatException.class);
  }

  @Test
  void readsCsvRequests() {
    Rows rows = Rows.read(bytes("1,,3\r\n\n4,5,\"6\""), ContentType.CSV, 3);
    assertThat(rows.rows()).isEqualTo(2);
    assertThat(rows.columns()).isEqualTo(3);
    assertThat(rows.values()).containsExactly(1, Float.NaN, 3, 4, 5, 6);
    assertThat(Rows.read(bytes("7"), ContentType.CSV, 1).values()).containsExactly(7);
    assertThat(Rows.read(bytes("7 8"), ContentType.CSV, 2).values()).containsExactly(7, 8);
  }

  @Test
  void readsLibsvmRequestsWithAndWithoutLabels() {
    Rows rows = Rows.read(bytes("0:1 2:3\n5 1:2.5\n"), ContentType.LIBSVM, 3);
    assertThat(rows.rows()).isEqualTo(2);
    assertThat(rows.values()).startsWith(1, Float.NaN, 3, Float.NaN, 2.5f, Float.NaN);
  }

  @ParameterizedTest
  @ValueSource(strings = {"1:2 x", "1:2 -1:3", "1:2 1.5:3", "1:2 9999999999:1", "0:1 1:", "0:1 :2", "1:2 3:4"})
  void refusesMalformedLibsvm(String text) {
    assertThatThrownBy(() -> Rows.read(bytes(text), ContentType.LIBSVM, 3)).isInstanceOf(ScoringError.class)
        .extracting(error -> ((ScoringError) error).status()).isEqualTo(400);
  }

  @Test
  void refusesRaggedCsv() {
    assertThatThrownBy(() -> Rows.read(bytes("1,2\n3"), ContentType.CSV, 2)).isInstanceOf(ScoringError.class)
        .hasMessageContaining("line 2: the row has 1 columns where the first has 2");
  }

  @Test
  void readsContentTypesWithTheirParameters() {
    assertThat(ContentType.read("text/csv; label_size=1; charset=utf8")).isEqualTo(ContentType.CSV);
    assertThat(ContentType.read("CSV")).isEqualTo(ContentType.CSV);
    assertThat(ContentType.read("text/x-libsvm ;charset=utf8")).isEqualTo(ContentType.LIBSVM);
    assertThat(ContentType.read("")).isEqualTo(ContentType.LIBSVM);
    assertThatThrownBy(() -> ContentType.read("text/csv;label_size=2")).isInstanceOf(UserError.class);
    assertThatThrownBy(() -> ContentType.read("image/png")).isInstanceOf(UserError.class)
        .hasMessageStartingWith("image/png is not an accepted ContentType: csv, libsvm, parquet");
  }
}
