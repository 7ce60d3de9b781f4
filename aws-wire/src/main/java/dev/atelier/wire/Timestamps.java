package dev.atelier.wire;

import dev.atelier.kernel.Fault;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/** The three spellings of a timestamp; answers carry milliseconds, as AWS's do. */
final class Timestamps {
  static final String ISO = "iso8601";
  static final String RFC822 = "rfc822";
  static final String UNIX = "unixTimestamp";

  private static final DateTimeFormatter HTTP_DATE =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final DateTimeFormatter ISO_SECONDS = new DateTimeFormatterBuilder()
      .append(DateTimeFormatter.ISO_LOCAL_DATE).appendLiteral('T').appendPattern("HH:mm:ss")
      .toFormatter(Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final DateTimeFormatter ISO_MILLIS = new DateTimeFormatterBuilder()
      .append(ISO_SECONDS).appendFraction(ChronoField.NANO_OF_SECOND, 3, 3, true)
      .toFormatter(Locale.ROOT).withZone(ZoneOffset.UTC);
  /** Beyond these years the calendar classes or the clients' own give up. */
  private static final long MAX_SECONDS = 253_402_300_799L;

  private Timestamps() {}

  /** Milliseconds are kept where the format has them and they are not zero. */
  static String text(Instant time, String format) {
    Instant cut = time.truncatedTo(ChronoUnit.MILLIS);
    return switch (format) {
      case RFC822 -> HTTP_DATE.format(cut);
      case UNIX -> seconds(cut).toPlainString();
      default -> (cut.getNano() == 0 ? ISO_SECONDS : ISO_MILLIS).format(cut) + "Z";
    };
  }

  static BigDecimal seconds(Instant time) {
    BigDecimal seconds = BigDecimal.valueOf(time.toEpochMilli(), 3);
    return seconds.stripTrailingZeros().scale() <= 0 ? seconds.setScale(0) : seconds;
  }

  static Instant ofSeconds(BigDecimal seconds) {
    if (Math.abs(seconds.scale()) > 400 || seconds.abs().compareTo(BigDecimal.valueOf(MAX_SECONDS)) > 0) {
      throw unreadable();
    }
    long nanos = seconds.movePointRight(9).remainder(BigDecimal.valueOf(1_000_000_000)).longValue();
    return Instant.ofEpochSecond(seconds.longValue(), nanos);
  }

  /** Reads whichever of the spellings is there: clients do not all keep to the model's. */
  static Instant parse(String text) {
    if (text.length() > 64 || text.isEmpty()) {
      throw unreadable();
    }
    char first = text.charAt(0);
    try {
      if (Character.isLetter(first)) {
        return Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(text));
      }
      return text.indexOf('T') > 0 ? OffsetDateTime.parse(text).toInstant() : number(text);
    } catch (DateTimeException | NumberFormatException notATime) {
      throw unreadable();
    }
  }

  /** Whether {@link #parse} can read it. */
  static boolean isDate(String text) {
    try {
      parse(text);
      return true;
    } catch (Fault unreadable) {
      return false;
    }
  }

  private static Instant number(String text) {
    if (text.length() == 10 && text.charAt(4) == '-') {
      return Instant.parse(text + "T00:00:00Z");
    }
    return ofSeconds(new BigDecimal(text));
  }

  private static Fault unreadable() {
    return new Fault("SerializationException", 400, "A timestamp of the request is not in a known format.");
  }
}
