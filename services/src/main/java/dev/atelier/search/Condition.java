package dev.atelier.search;

import dev.atelier.kernel.Fault;
import dev.atelier.models.sagemaker.Filter;
import dev.atelier.models.sagemaker.NestedFilters;
import dev.atelier.models.sagemaker.SearchExpression;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntPredicate;
import java.util.function.Predicate;

/** What a resource must be to be found: the meaning of a SearchExpression. */
final class Condition {
  private static final int MOST_DEPTH = 20;

  private Condition() {}

  /** @throws Fault ValidationException when the expression cannot be meant */
  static Predicate<Map<String, Object>> of(SearchExpression expression) {
    return expression == null ? resource -> true : of(expression, 0);
  }

  private static Predicate<Map<String, Object>> of(SearchExpression expression, int depth) {
    if (depth > MOST_DEPTH) {
      throw Fault.validation("SubExpressions may be at most " + MOST_DEPTH + " deep.");
    }
    List<Predicate<Map<String, Object>>> parts = new ArrayList<>();
    expression.filters().forEach(filter -> parts.add(of(filter, filter.name())));
    expression.nestedFilters().forEach(nested -> parts.add(of(nested)));
    expression.subExpressions().forEach(each -> parts.add(of(each, depth + 1)));
    if (parts.isEmpty()) {
      throw Fault.validation("A SearchExpression must have at least one of Filters, NestedFilters and SubExpressions.");
    }
    boolean any = "Or".equals(expression.operator());
    return resource -> any ? parts.stream().anyMatch(part -> part.test(resource))
        : parts.stream().allMatch(part -> part.test(resource));
  }

  /** All filters must hold of one and the same entry of the list. */
  private static Predicate<Map<String, Object>> of(NestedFilters nested) {
    String list = nested.nestedPropertyName();
    List<Predicate<Map<String, Object>>> filters = nested.filters().stream()
        .map(filter -> of(filter, filter.name().startsWith(list + ".")
            ? filter.name().substring(list.length() + 1) : filter.name())).toList();
    return resource -> resource.get(list) instanceof List<?> entries && entries.stream()
        .filter(Map.class::isInstance).map(Condition::members)
        .anyMatch(entry -> filters.stream().allMatch(filter -> filter.test(entry)));
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> members(Object entry) {
    return (Map<String, Object>) entry;
  }

  private static Predicate<Map<String, Object>> of(Filter filter, String name) {
    Property property = new Property(name);
    String operator = filter.operator() == null ? "Equals" : filter.operator();
    if (operator.equals("Exists") || operator.equals("NotExists")) {
      boolean wanted = operator.equals("Exists");
      return resource -> property.values(resource).isEmpty() != wanted;
    }
    if (filter.value() == null) {
      throw Fault.validation("The filter on " + filter.name() + " needs a Value for the operator " + operator + ".");
    }
    String value = filter.value();
    return switch (operator) {
      case "Equals" -> resource -> property.values(resource).stream().anyMatch(each -> equal(each, value));
      case "NotEquals" -> resource -> property.values(resource).stream().noneMatch(each -> equal(each, value));
      case "Contains" -> resource -> property.values(resource).stream()
          .anyMatch(each -> Property.text(each).contains(value));
      case "In" -> in(property, value);
      case "GreaterThan" -> ordered(property, value, order -> order > 0);
      case "GreaterThanOrEqualTo" -> ordered(property, value, order -> order >= 0);
      case "LessThan" -> ordered(property, value, order -> order < 0);
      case "LessThanOrEqualTo" -> ordered(property, value, order -> order <= 0);
      default -> throw Fault.validation("The operator " + operator + " is not known.");
    };
  }

  private static Predicate<Map<String, Object>> in(Property property, String value) {
    List<String> values = Arrays.stream(value.split(",")).map(String::strip).toList();
    return resource -> property.values(resource).stream()
        .anyMatch(each -> values.stream().anyMatch(one -> equal(each, one)));
  }

  private static boolean equal(Object value, String wanted) {
    if (value instanceof Number || value instanceof Instant) {
      Optional<Double> number = Property.number(value);
      return number.isPresent() && number.equals(number(wanted));
    }
    return Property.text(value).equals(wanted);
  }

  private static Predicate<Map<String, Object>> ordered(Property property, String wanted, IntPredicate order) {
    double bound = number(wanted).orElseThrow(() -> Fault.validation("The Value \"" + wanted + "\" of the filter on "
        + property.name() + " is neither a number nor a time."));
    return resource -> property.values(resource).stream().map(Property::number).flatMap(Optional::stream)
        .anyMatch(value -> order.test(Double.compare(value, bound)));
  }

  /** A number, or a time in ISO 8601. */
  private static Optional<Double> number(String text) {
    return Property.number(text).or(() -> {
      try {
        return Optional.of((double) Instant.parse(text).toEpochMilli());
      } catch (DateTimeParseException noTime) {
        return day(text);
      }
    });
  }

  private static Optional<Double> day(String text) {
    try {
      return Optional.of((double) LocalDate.parse(text).atStartOfDay().toInstant(ZoneOffset.UTC).toEpochMilli());
    } catch (DateTimeParseException noDay) {
      return Optional.empty();
    }
  }
}
