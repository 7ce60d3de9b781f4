package dev.atelier.training;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * When spot instances are taken away, and what they cost. There is no market on one's own machine: what it does is
 * configured, so that jobs can be tried against it.
 *
 * @param perHour how often a running job is interrupted on average; 0 for never
 * @param afterSeconds when the first attempts of each job are interrupted, in seconds of their running
 * @param priceRatio the price of spot instances as a part of the full one, from 0 to 1
 */
public record SpotMarket(double perHour, List<Integer> afterSeconds, double priceRatio) {
  /** Never interrupts; the price is what AWS's savings of up to 90 percent come to on average in its examples. */
  public static final SpotMarket CALM = new SpotMarket(0, List.of(), 0.3);
  private static final double MILLIS_OF_HOUR = 3_600_000.0;

  public SpotMarket {
    afterSeconds = List.copyOf(afterSeconds);
    if (perHour < 0 || priceRatio <= 0 || priceRatio > 1 || afterSeconds.stream().anyMatch(each -> each < 0)) {
      throw new IllegalArgumentException("spot: perHour and afterSeconds must not be negative, "
          + "priceRatio must be above 0 and at most 1");
    }
  }

  /** How long from now until the present attempt is interrupted; empty for never. */
  Optional<Duration> interruption(Attempts attempts, Instant now) {
    if (attempts.number() <= afterSeconds.size()) {
      Instant when = attempts.runningSince().orElse(now).plusSeconds(afterSeconds.get(attempts.number() - 1));
      return Optional.of(when.isBefore(now) ? Duration.ZERO : Duration.between(now, when));
    }
    // the waiting time of a Poisson process, which does not remember how long it has lasted already
    return perHour == 0 ? Optional.empty() : Optional.of(Duration.ofMillis(
        (long) (RandomGenerator.getDefault().nextExponential() * MILLIS_OF_HOUR / perHour)));
  }

  /** The price of an instance's hour. @param full the price of one that is not taken away */
  BigDecimal price(BigDecimal full) {
    return full.multiply(BigDecimal.valueOf(priceRatio));
  }

  /** The seconds that are billed of a job's seconds on spot instances. */
  int billable(int seconds) {
    return (int) Math.ceil(seconds * priceRatio);
  }
}
