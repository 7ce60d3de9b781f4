package dev.atelier.usage;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What instances cost on AWS: the price list as data, with where it comes from. */
public final class Prices {
  private static final String CURRENCY = "USD";
  private static final Map<String, BigDecimal> BY_TYPE = new TreeMap<>();
  private static final String SOURCE = read();

  private Prices() {}

  private static String read() {
    try (BufferedReader lines = new BufferedReader(
        new InputStreamReader(Prices.class.getResourceAsStream("prices.tsv"), StandardCharsets.UTF_8))) {
      String source = lines.readLine().substring(2);
      lines.lines().map(line -> line.split("\t")).forEach(cells -> BY_TYPE.put(cells[0], new BigDecimal(cells[1])));
      return source;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** An instance's hour in {@link #currency}; empty where no price is known. */
  public static Optional<BigDecimal> perHour(String instanceType) {
    return Optional.ofNullable(BY_TYPE.get(instanceType));
  }

  /** All that are known, by instance type. */
  public static Map<String, BigDecimal> all() {
    return Map.copyOf(BY_TYPE);
  }

  public static String currency() {
    return CURRENCY;
  }

  /** Where the prices come from, in a sentence. */
  public static String source() {
    return SOURCE;
  }
}
