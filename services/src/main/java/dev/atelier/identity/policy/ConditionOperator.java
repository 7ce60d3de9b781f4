package dev.atelier.identity.policy;

import dev.atelier.kernel.Arn;
import java.math.BigDecimal;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiPredicate;

/** The condition operators of IAM, with their {@code IfExists}, {@code ForAllValues:} and {@code ForAnyValue:} forms. */
final class ConditionOperator {
  private static final Map<String, BiPredicate<String, String>> POSITIVE = Map.ofEntries(
      Map.entry("stringequals", String::equals),
      Map.entry("stringequalsignorecase", String::equalsIgnoreCase),
      Map.entry("stringlike", (value, pattern) -> Glob.matches(pattern, value)),
      Map.entry("numericequals", numeric(order -> order == 0)),
      Map.entry("numericlessthan", numeric(order -> order < 0)),
      Map.entry("numericlessthanequals", numeric(order -> order <= 0)),
      Map.entry("numericgreaterthan", numeric(order -> order > 0)),
      Map.entry("numericgreaterthanequals", numeric(order -> order >= 0)),
      Map.entry("dateequals", date(order -> order == 0)),
      Map.entry("datelessthan", date(order -> order < 0)),
      Map.entry("datelessthanequals", date(order -> order <= 0)),
      Map.entry("dategreaterthan", date(order -> order > 0)),
      Map.entry("dategreaterthanequals", date(order -> order >= 0)),
      Map.entry("bool", String::equalsIgnoreCase),
      Map.entry("binaryequals", String::equals),
      Map.entry("ipaddress", ConditionOperator::inRange),
      Map.entry("arnequals", ConditionOperator::arnLike),
      Map.entry("arnlike", ConditionOperator::arnLike));
  private static final Map<String, String> NEGATED = Map.of(
      "stringnotequals", "stringequals",
      "stringnotequalsignorecase", "stringequalsignorecase",
      "stringnotlike", "stringlike",
      "numericnotequals", "numericequals",
      "datenotequals", "dateequals",
      "notipaddress", "ipaddress",
      "arnnotequals", "arnequals",
      "arnnotlike", "arnlike");

  private ConditionOperator() {}

  static boolean isKnown(String operator) {
    String base = base(operator);
    return base.equals("null") || POSITIVE.containsKey(base) || NEGATED.containsKey(base);
  }

  /** Whether the request meets the condition; {@code expected} has its policy variables replaced. */
  static boolean holds(String operator, List<String> actual, boolean present, List<String> expected) {
    String lower = operator.toLowerCase(Locale.ROOT);
    String base = base(operator);
    if (base.equals("null")) {
      return expected.stream().anyMatch(value -> value.equalsIgnoreCase("true") != present);
    }
    boolean negated = NEGATED.containsKey(base);
    BiPredicate<String, String> test = POSITIVE.get(negated ? NEGATED.get(base) : base);
    if (lower.startsWith("forallvalues:")) {
      return actual.stream().allMatch(value -> one(test, negated, value, expected));
    }
    if (lower.startsWith("foranyvalue:")) {
      return actual.stream().anyMatch(value -> one(test, negated, value, expected));
    }
    if (!present) {
      return negated || lower.endsWith("ifexists");
    }
    return negated
        ? actual.stream().allMatch(value -> one(test, true, value, expected))
        : actual.stream().anyMatch(value -> one(test, false, value, expected));
  }

  private static boolean one(BiPredicate<String, String> test, boolean negated, String value, List<String> expected) {
    return negated != expected.stream().anyMatch(each -> test.test(value, each));
  }

  private static String base(String operator) {
    String base = operator.toLowerCase(Locale.ROOT);
    int colon = base.indexOf(':');
    if (colon >= 0 && (base.startsWith("forallvalues:") || base.startsWith("foranyvalue:"))) {
      base = base.substring(colon + 1);
    }
    return base.endsWith("ifexists") ? base.substring(0, base.length() - "ifexists".length()) : base;
  }

  private interface Order {
    boolean accepts(int comparison);
  }

  private static BiPredicate<String, String> numeric(Order order) {
    return (value, expected) -> {
      try {
        return order.accepts(new BigDecimal(value.trim()).compareTo(new BigDecimal(expected.trim())));
      } catch (NumberFormatException e) {
        return false;
      }
    };
  }

  private static BiPredicate<String, String> date(Order order) {
    return (value, expected) -> {
      Optional<Instant> left = instant(value);
      Optional<Instant> right = instant(expected);
      return left.isPresent() && right.isPresent() && order.accepts(left.get().compareTo(right.get()));
    };
  }

  private static Optional<Instant> instant(String text) {
    try {
      if (text.matches("\\d{1,12}")) {
        return Optional.of(Instant.ofEpochSecond(Long.parseLong(text)));
      }
      return Optional.of(text.length() == 10 ? Instant.parse(text + "T00:00:00Z") : OffsetDateTime.parse(text).toInstant());
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }

  /** ARN comparison goes part by part, so that a wildcard never crosses a colon of the first five parts. */
  private static boolean arnLike(String value, String pattern) {
    Optional<Arn> left = Arn.parse(value);
    Optional<Arn> right = Arn.parse(pattern);
    if (left.isEmpty() || right.isEmpty()) {
      return pattern.equals("*");
    }
    return Glob.matches(right.get().partition(), left.get().partition())
        && Glob.matches(right.get().service(), left.get().service())
        && Glob.matches(right.get().region(), left.get().region())
        && Glob.matches(right.get().account(), left.get().account())
        && Glob.matches(right.get().resource(), left.get().resource());
  }

  private static boolean inRange(String address, String range) {
    int slash = range.indexOf('/');
    String network = slash < 0 ? range : range.substring(0, slash);
    if (!address.matches("[0-9a-fA-F.:]+") || !network.matches("[0-9a-fA-F.:]+")) {
      return false;
    }
    try {
      byte[] left = InetAddress.getByName(address).getAddress();
      byte[] right = InetAddress.getByName(network).getAddress();
      int bits = slash < 0 ? right.length * 8 : Integer.parseInt(range.substring(slash + 1));
      if (left.length != right.length || bits < 0 || bits > right.length * 8) {
        return false;
      }
      for (int i = 0; i < bits; i++) {
        int mask = 0x80 >> (i % 8);
        if ((left[i / 8] & mask) != (right[i / 8] & mask)) {
          return false;
        }
      }
      return true;
    } catch (UnknownHostException | NumberFormatException e) {
      return false;
    }
  }
}
