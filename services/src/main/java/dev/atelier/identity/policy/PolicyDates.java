package dev.atelier.identity.policy;

import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The dates that policies may name: IAM takes any prefix of ISO 8601, and seconds since 1970. */
final class PolicyDates {
  private static final Pattern ISO = Pattern.compile(
      "(-?\\d{1,9})(?:-(\\d{1,2}))?(?:-(\\d{1,2}))?"
          + "(?:t(?:(\\d{1,2})(?::(\\d{1,2}))?(?::(\\d{1,2})(?:\\.(\\d{1,9}))?)?)?(?:z|[+-](\\d{2})(?::?(\\d{2}))?)?)?");

  private PolicyDates() {}

  static boolean isAccepted(String text) {
    String lower = text.toLowerCase(Locale.ROOT);
    if (lower.indexOf('t') < 0 && lower.indexOf('-') < 0) {
      return lower.matches("\\d{1,19}") && new BigInteger(lower).bitLength() < Long.SIZE;
    }
    Matcher matcher = ISO.matcher(lower);
    return matcher.matches()
        && within(matcher.group(1), -292_275_054, 292_278_993)
        && within(matcher.group(2), 1, 12) && within(matcher.group(3), 1, 31)
        && within(matcher.group(4), 0, 23) && within(matcher.group(5), 0, 59) && within(matcher.group(6), 0, 59)
        && within(matcher.group(8), 0, 23) && within(matcher.group(9), 0, 59);
  }

  /** The moment that a text names; what it leaves out is the beginning of the year, month, day or hour. */
  static Optional<Instant> instant(String text) {
    if (text.matches("\\d{5,12}")) {
      return Optional.of(Instant.ofEpochSecond(Long.parseLong(text)));
    }
    Matcher matcher = ISO.matcher(text.toLowerCase(Locale.ROOT));
    if (!matcher.matches()) {
      return Optional.empty();
    }
    try {
      OffsetDateTime start = OffsetDateTime.of(Integer.parseInt(matcher.group(1)), part(matcher, 2, 1),
          part(matcher, 3, 1), part(matcher, 4, 0), part(matcher, 5, 0), part(matcher, 6, 0), nanos(matcher.group(7)),
          offset(text, matcher));
      return Optional.of(start.toInstant());
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  private static ZoneOffset offset(String text, Matcher matcher) {
    if (matcher.group(8) == null) {
      return ZoneOffset.UTC;
    }
    int sign = text.charAt(matcher.start(8) - 1) == '-' ? -1 : 1;
    return ZoneOffset.ofHoursMinutes(sign * part(matcher, 8, 0), sign * part(matcher, 9, 0));
  }

  private static int part(Matcher matcher, int group, int otherwise) {
    return matcher.group(group) == null ? otherwise : Integer.parseInt(matcher.group(group));
  }

  private static int nanos(String fraction) {
    return fraction == null ? 0 : Integer.parseInt((fraction + "000000000").substring(0, 9));
  }

  private static boolean within(String text, int least, int most) {
    return text == null || Integer.parseInt(text) >= least && Integer.parseInt(text) <= most;
  }
}
