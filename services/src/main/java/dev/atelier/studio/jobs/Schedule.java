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
import java.util.List;
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
        throw invalid("One unit is singular, more are plural.");
      }
      return new Rate(unit.multipliedBy(count));
    }
    Matcher cron = Texts.CRON.matcher(expression);
    if (!cron.matches()) {
      throw invalid("It is cron(minutes hours day-of-month month day-of-week year) or rate(value unit).");
    }
    return new Times(ExecutionTime.forCron(Texts.parse(cron.group(1))
        .orElseThrow(() -> invalid(Texts.wrongWith(cron.group(1))))));
  }

  /** The refusal of an expression, in EventBridge's words. @param hint a sentence that says what is wrong with it */
  static Fault invalid(String hint) {
    return Fault.validation("Parameter ScheduleExpression is not valid. " + hint);
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

    private static final List<String> NAMES = List.of("minutes (0-59)", "hours (0-23)", "day-of-month (1-31)",
        "month (1-12 or JAN-DEC)", "day-of-week (1-7 or SUN-SAT)", "year (1970-2199)");

    private Texts() {}

    private static Optional<Cron> parse(String fields) {
      try {
        return Optional.of(new CronParser(FIELDS).parse(fields).validate());
      } catch (IllegalArgumentException e) {
        return Optional.empty();
      }
    }

    /** Which of the fields of what is no expression is to blame, as a sentence. */
    private static String wrongWith(String expression) {
      String[] fields = expression.strip().split(" +");
      if (fields.length != NAMES.size()) {
        return "It has " + fields.length + " fields; six are: minutes hours day-of-month month day-of-week year.";
      }
      for (int field = 0; field < fields.length; field++) {
        // alone among fields that say nothing
        String[] alone = (field == 2 ? "* * * * ? *" : "* * ? * * *").split(" ");
        boolean unsaid = fields[field].equals("?") && (field == 2 || field == 4);
        alone[field] = fields[field];
        if (!unsaid && parse(String.join(" ", alone)).isEmpty()) {
          return "The field " + NAMES.get(field) + " cannot be " + fields[field] + ".";
        }
      }
      return "Either day-of-month or day-of-week, and not both, is a question mark.";
    }

    private static Duration unit(String name) {
      return switch (name.charAt(0)) {
        case 'm' -> Duration.ofMinutes(1);
        case 'h' -> Duration.ofHours(1);
        default -> Duration.ofDays(1);
      };
    }
  }
}
