package dev.atelier.studio.jobs;

import com.cronutils.model.Cron;
import com.cronutils.model.definition.CronConstraintsFactory;
import com.cronutils.model.definition.CronDefinition;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.time.ExecutionTime;
import com.cronutils.parser.CronParser;
import dev.atelier.kernel.Fault;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** When something runs again, as EventBridge's expressions say it; in UTC. */
sealed interface Schedule {
  /** The first time after a moment. @param begun what rates are counted from */
  Optional<Instant> next(Instant after, Instant begun);

  /** {@code rate(5 minutes)}. */
  record Rate(Duration every) implements Schedule {
    @Override
    public Optional<Instant> next(Instant after, Instant begun) {
      long past = after.isBefore(begun) ? 0 : Duration.between(begun, after).dividedBy(every);
      return Optional.of(begun.plus(every.multipliedBy(past + 1)));
    }
  }

  /** {@code cron(0 8 ? * MON-FRI *)}: minutes, hours, day of month, month, day of week, year. */
  record Times(ExecutionTime times) implements Schedule {
    @Override
    public Optional<Instant> next(Instant after, Instant begun) {
      try {
        return times.nextExecution(after.atZone(ZoneOffset.UTC)).map(ZonedDateTime::toInstant);
      } catch (DateTimeException | IllegalArgumentException none) {
        // a day that no month has
        return Optional.empty();
      }
    }
  }

  /** @throws Fault ValidationException: it is no expression of EventBridge's */
  static Schedule parse(String expression) {
    Matcher rate = Texts.RATE.matcher(expression);
    if (rate.matches()) {
      Duration unit = Texts.unit(rate.group(2));
      long count = Long.parseLong(rate.group(1));
      if (count == 1 == rate.group(2).endsWith("s")) {
        throw invalid(expression, "one unit is singular, more are plural");
      }
      return new Rate(unit.multipliedBy(count));
    }
    Matcher cron = Texts.CRON.matcher(expression);
    if (!cron.matches()) {
      throw invalid(expression, "it is cron(minutes hours day-of-month month day-of-week year) or rate(value unit)");
    }
    try {
      Cron parsed = new CronParser(Texts.FIELDS).parse(cron.group(1)).validate();
      return new Times(ExecutionTime.forCron(parsed));
    } catch (IllegalArgumentException e) {
      throw invalid(expression, e.getMessage());
    }
  }

  private static Fault invalid(String expression, String reason) {
    return Fault.validation("The schedule " + expression.substring(0, Math.min(expression.length(), 256))
        + " is not valid: " + reason + ".");
  }

  /** What expressions are made of. Source: EventBridge's user guide, "Cron and rate expressions". */
  final class Texts {
    private static final Pattern RATE = Pattern.compile("rate\\(([1-9]\\d{0,5}) (minutes?|hours?|days?)\\)");
    private static final Pattern CRON = Pattern.compile("cron\\(([A-Za-z0-9*?/,#LW -]{11,200})\\)");
    private static final CronDefinition FIELDS = CronDefinitionBuilder.defineCron()
        .withMinutes().withValidRange(0, 59).withStrictRange().and()
        .withHours().withValidRange(0, 23).withStrictRange().and()
        .withDayOfMonth().withValidRange(1, 31).supportsL().supportsW().supportsLW().supportsQuestionMark().and()
        .withMonth().withValidRange(1, 12).withStrictRange().and()
        .withDayOfWeek().withValidRange(1, 7).withMondayDoWValue(2).supportsL().supportsHash()
            .supportsQuestionMark().and()
        .withYear().withValidRange(1970, 2199).withStrictRange().and()
        .withCronValidation(CronConstraintsFactory.ensureEitherDayOfWeekOrDayOfMonth())
        .instance();

    private Texts() {}

    private static Duration unit(String name) {
      return switch (name.charAt(0)) {
        case 'm' -> Duration.ofMinutes(1);
        case 'h' -> Duration.ofHours(1);
        default -> Duration.ofDays(1);
      };
    }
  }
}
