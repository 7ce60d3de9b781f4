package dev.atelier.usage;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A machine that ran, or runs.
 *
 * @param resource the ARN of what ran there first
 * @param instanceType all types, with commas between, where the instances are of several
 * @param price of an instance's hour, in {@link Prices#currency}, as it was then; the mean of several types
 */
public record Entry(long id, String kind, String resource, Payer payer, String instanceType, int instances,
    Optional<BigDecimal> price, Instant startedAt, Optional<Instant> endedAt) {
  private static final BigDecimal HOUR_MILLIS = BigDecimal.valueOf(Duration.ofHours(1).toMillis());
  private static final int DIGITS = 6;

  /** Hours of all its instances within a time; to now when it runs still. */
  public BigDecimal hours(Instant from, Instant to) {
    Instant begin = startedAt.isBefore(from) ? from : startedAt;
    Instant end = endedAt.filter(at -> at.isBefore(to)).orElse(to);
    return BigDecimal.valueOf(Math.max(0, Duration.between(begin, end).toMillis()))
        .multiply(BigDecimal.valueOf(instances)).divide(HOUR_MILLIS, DIGITS, RoundingMode.HALF_UP);
  }

  /** What it cost within a time; nothing where no price is known. */
  public BigDecimal cost(Instant from, Instant to) {
    return price.orElse(BigDecimal.ZERO).multiply(hours(from, to)).setScale(DIGITS, RoundingMode.HALF_UP);
  }
}
