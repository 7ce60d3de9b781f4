package dev.atelier.studio.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atelier.kernel.Fault;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ScheduleTest {
  /** A Saturday. */
  private static final Instant NOW = Instant.parse("2026-11-21T23:15:30Z");

  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {
      "cron(* * * * ? *)          | 2026-11-21T23:16:00Z",
      "cron(0/15 * * * ? *)       | 2026-11-21T23:30:00Z",
      "cron(0 10 * * ? *)         | 2026-11-22T10:00:00Z",
      "cron(15 12 * * ? *)        | 2026-11-22T12:15:00Z",
      "cron(0 18 ? * MON-FRI *)   | 2026-11-23T18:00:00Z",
      "cron(0 8 1 * ? *)          | 2026-12-01T08:00:00Z",
      "cron(0 9 ? * 2#1 *)        | 2026-12-07T09:00:00Z",
      "cron(0 9 L * ? *)          | 2026-11-30T09:00:00Z",
      "cron(0 9 15W * ? *)        | 2026-12-15T09:00:00Z",
      "cron(0 0 ? * 6L 2028)      | 2028-01-28T00:00:00Z",
      "cron(0 0 29 2 ? *)         | 2028-02-29T00:00:00Z",
      "cron(30 8,20 ? JAN SUN *)  | 2027-01-03T08:30:00Z"})
  void timesAreThoseOfEventBridgeInUtc(String expression, Instant next) {
    assertThat(Schedule.parse(expression).next(NOW, NOW)).contains(next);
  }

  @Test
  void ratesAreCountedFromTheirBeginning() {
    Instant begun = Instant.parse("2026-11-21T20:00:10Z");
    assertThat(Schedule.parse("rate(1 minute)").next(NOW, NOW)).contains(NOW.plusSeconds(60));
    assertThat(Schedule.parse("rate(2 hours)").next(NOW, begun)).contains(Instant.parse("2026-11-22T00:00:10Z"));
    assertThat(Schedule.parse("rate(7 days)").next(NOW, NOW)).contains(NOW.plusSeconds(7 * 86_400));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "daily", "rate(1 minutes)", "rate(2 minute)", "rate(0 days)", "rate(-1 days)",
      "rate(5 weeks)", "rate(9999999 days)", "cron()", "cron(* * * *)", "cron(* * * * * *)", "cron(* * ? * ? *)",
      "cron(60 * * * ? *)", "cron(0 24 * * ? *)", "cron(0 0 32 * ? *)", "cron(0 0 1 13 ? *)", "cron(0 0 ? * 8 *)",
      "cron(0 0 1 1 ? 1969)", "cron(0 0 1 1 ? 2200)", "cron(5-70 * * * ? *)", "cron(* * * * ? *) ", "cron(\u0660 * * * ? *)"})
  void othersAreRefused(String expression) {
    assertThatThrownBy(() -> Schedule.parse(expression)).isInstanceOf(Fault.class).hasMessageContaining("The schedule");
  }

  @Timeout(5)
  @ParameterizedTest
  @ValueSource(strings = {"cron(0 0 31 2 ? *)", "cron(0 0 30 FEB ? 2030)", "cron(0 0 1 1 ? 2020)", "cron(0 0 31 4,6,9,11 ? *)"})
  void whatIsNeverDueIsFoundOutSoon(String expression) {
    assertThat(Schedule.parse(expression).next(NOW, NOW)).isEmpty();
  }
}
