package dev.atelier.logs.insights;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Times as Insights shows and rounds them. */
public final class Times {
  private static final DateTimeFormatter SHOWN =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final Pattern SPAN = Pattern.compile("(\\d{1,9})([a-zA-Z]+)");

  private Times() {}

  /** A time in milliseconds as results show it. */
  public static String shown(long millis) {
    return SHOWN.format(Instant.ofEpochMilli(millis));
  }

  /** The milliseconds of a time as it is shown, or of a number of them. */
  static OptionalDouble millis(Object value) {
    if (value instanceof Double number) {
      return OptionalDouble.of(number);
    }
    try {
      return value instanceof String text && text.length() == 23
          ? OptionalDouble.of(LocalDateTime.parse(text, SHOWN.withZone(null)).toInstant(ZoneOffset.UTC).toEpochMilli())
          : OptionalDouble.empty();
    } catch (DateTimeException e) {
      return OptionalDouble.empty();
    }
  }

  /** A span such as {@code 5m}, in milliseconds; empty when it is none. */
  static OptionalDouble span(String text) {
    Matcher matcher = SPAN.matcher(text);
    if (!matcher.matches()) {
      return OptionalDouble.empty();
    }
    long unit = switch (matcher.group(2).toLowerCase(Locale.ROOT)) {
      case "ms", "msec" -> 1;
      case "s", "sec" -> 1_000;
      case "m", "min" -> 60_000;
      case "h", "hr" -> 3_600_000;
      case "d" -> 86_400_000;
      case "w" -> 604_800_000;
      default -> 0;
    };
    long span = Long.parseLong(matcher.group(1)) * unit;
    return span == 0 ? OptionalDouble.empty() : OptionalDouble.of(span);
  }
}
