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
    assertThatThrownBy(() -> Schedule.parse(expression)).isInstanceOf(Fault.class)
        .hasMessageStartingWith("Parameter ScheduleExpression is not valid. ");
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {
      "rate(2 day)          | One unit is singular, more are plural.",
      "every day            | It is cron(minutes hours day-of-month month day-of-week year) or rate(value unit).",
      "cron(0 8 * * MON)    | It has 5 fields; six are: minutes hours day-of-month month day-of-week year.",
      "cron(61 8 ? * MON *) | The field minutes (0-59) cannot be 61.",
      "cron(0 8-25 ? * * *) | The field hours (0-23) cannot be 8-25.",
      "cron(0 8 32 * ? *)   | The field day-of-month (1-31) cannot be 32.",
      "cron(0 8 ? FOO * *)  | The field month (1-12 or JAN-DEC) cannot be FOO.",
      "cron(0 8 ? * MOON *) | The field day-of-week (1-7 or SUN-SAT) cannot be MOON.",
      "cron(0 8 ? * MON ?)  | The field year (1970-2199) cannot be ?.",
      "cron(0 8 * * * *)    | Either day-of-month or day-of-week, and not both, is a question mark.",
      "cron(0 8 ? * ? *)    | Either day-of-month or day-of-week, and not both, is a question mark."})
  void aRefusalSaysWhatIsWrong(String expression, String hint) {
    assertThatThrownBy(() -> Schedule.parse(expression)).isInstanceOf(Fault.class)
        .hasMessage("Parameter ScheduleExpression is not valid. " + hint);
  }

  @Timeout(5)
  @ParameterizedTest
  @ValueSource(strings = {"cron(0 0 31 2 ? *)", "cron(0 0 30 FEB ? 2030)", "cron(0 0 1 1 ? 2020)", "cron(0 0 31 4,6,9,11 ? *)"})
  void whatIsNeverDueIsFoundOutSoon(String expression) {
    assertThat(Schedule.parse(expression).next(NOW, NOW)).isEmpty();
  }
}
