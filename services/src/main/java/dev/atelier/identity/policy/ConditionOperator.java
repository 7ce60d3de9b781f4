package dev.atelier.identity.policy;

import dev.atelier.kernel.Arn;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A condition operator of IAM, with its {@code IfExists}, {@code ForAllValues:} or {@code ForAnyValue:} form.
 *
 * @param test the comparison of one value of the request with one of the policy; unused for {@code Null}
 * @param negated whether the operator holds where the comparison does not
 */
public record ConditionOperator(
    String name, Quantifier quantifier, boolean ifExists, boolean isNull, BiPredicate<String, String> test,
    boolean negated) {
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
      Map.entry("ipaddress", AddressRange::contains),
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
  private static final Pattern FORM = Pattern.compile("(forallvalues:|foranyvalue:)?([a-z]+?)(ifexists)?");
  /** What a number's text may be, short enough that no exponent makes it huge. */
  private static final Pattern NUMBER = Pattern.compile("\\s*[+-]?(\\d{1,30}(\\.\\d{0,30})?|\\.\\d{1,30})\\s*");

  /** How many of a key's values have to pass. */
  enum Quantifier { SINGLE, ALL, ANY }

  static boolean isKnown(String operator) {
    return parse(operator).isPresent();
  }

  static boolean isDate(String operator) {
    return parse(operator).filter(one -> one.name.startsWith("date")).isPresent();
  }

  /** The operator of a name that {@link #isKnown is known}. */
  static ConditionOperator of(String operator) {
    return parse(operator).orElseThrow();
  }

  private static Optional<ConditionOperator> parse(String text) {
    Matcher matcher = FORM.matcher(text.toLowerCase(Locale.ROOT));
    if (!matcher.matches()) {
      return Optional.empty();
    }
    Quantifier quantifier = matcher.group(1) == null ? Quantifier.SINGLE
        : matcher.group(1).equals("forallvalues:") ? Quantifier.ALL : Quantifier.ANY;
    String name = matcher.group(2);
    boolean ifExists = matcher.group(3) != null;
    if (name.equals("null")) {
      return Optional.of(new ConditionOperator(name, quantifier, ifExists, true, String::equals, false));
    }
    boolean negated = NEGATED.containsKey(name);
    return Optional.ofNullable(POSITIVE.get(negated ? NEGATED.get(name) : name))
        .map(test -> new ConditionOperator(name, quantifier, ifExists, false, test, negated));
  }

  /** Whether the request meets the condition; {@code expected} has its policy variables replaced. */
  boolean holds(List<String> actual, boolean present, List<String> expected) {
    if (isNull) {
      return expected.stream().anyMatch(value -> value.equalsIgnoreCase("true") != present);
    }
    if (!present && ifExists) {
      return true;
    }
    return switch (quantifier) {
      // as IAM documents it: every value passes when there is none, and some value never does
      case ALL -> actual.stream().allMatch(value -> passes(value, expected));
      case ANY -> actual.stream().anyMatch(value -> passes(value, expected));
      case SINGLE -> !present ? negated
          : negated ? actual.stream().allMatch(value -> passes(value, expected))
              : actual.stream().anyMatch(value -> passes(value, expected));
    };
  }

  private boolean passes(String value, List<String> expected) {
    for (String each : expected) {
      if (test.test(value, each)) {
        return !negated;
      }
    }
    return negated;
  }

  private interface Order {
    boolean accepts(int comparison);
  }

  private static BiPredicate<String, String> numeric(Order order) {
    return (value, expected) -> NUMBER.matcher(value).matches() && NUMBER.matcher(expected).matches()
        && order.accepts(new BigDecimal(value.trim()).compareTo(new BigDecimal(expected.trim())));
  }

  private static BiPredicate<String, String> date(Order order) {
    return (value, expected) -> {
      Optional<Instant> left = PolicyDates.instant(value);
      Optional<Instant> right = PolicyDates.instant(expected);
      return left.isPresent() && right.isPresent() && order.accepts(left.get().compareTo(right.get()));
    };
  }

  /** ARN comparison goes part by part, so that a wildcard never crosses a colon of the first five parts. */
  private static boolean arnLike(String value, String pattern) {
    if (pattern.equals("*")) {
      return true;
    }
    Optional<Arn> left = Arn.parse(value);
    Optional<Arn> right = Arn.parse(pattern);
    return left.isPresent() && right.isPresent()
        && Glob.matches(right.get().partition(), left.get().partition())
        && Glob.matches(right.get().service(), left.get().service())
        && Glob.matches(right.get().region(), left.get().region())
        && Glob.matches(right.get().account(), left.get().account())
        && Glob.matches(right.get().resource(), left.get().resource());
  }
}
