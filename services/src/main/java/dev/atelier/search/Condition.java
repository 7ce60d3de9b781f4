package dev.atelier.search;

import dev.atelier.kernel.Fault;
import dev.atelier.models.sagemaker.Filter;
import dev.atelier.models.sagemaker.NestedFilters;
import dev.atelier.models.sagemaker.SearchExpression;
import dev.atelier.models.sagemaker.VisibilityConditions;
import dev.atelier.search.Property.Kind;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntPredicate;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** What a resource must be to be found: the meaning of a SearchExpression. */
final class Condition {
  private static final int MOST_DEPTH = 20;
  private static final int MOST_ELEMENTS = 20;

  private final PropertyNames names;
  private int contains;

  private Condition(PropertyNames names) {
    this.names = names;
  }

  /** @throws Fault ValidationException when the expression cannot be meant */
  static Predicate<Map<String, Object>> of(SearchExpression expression, PropertyNames names) {
    return expression == null ? resource -> true : new Condition(names).of(expression, 0);
  }

  /** Those that have none of the tags, or have them with these values. */
  static Predicate<Map<String, Object>> visible(List<VisibilityConditions> conditions, PropertyNames names) {
    return conditions.stream().map(each -> {
      if (each.key() == null || !each.key().startsWith("Tags.") || each.value() == null) {
        throw Fault.validation("A VisibilityCondition needs a Value, and a Key of the form Tags.<key>.");
      }
      Property tag = names.require(each.key());
      return (Predicate<Map<String, Object>>) resource ->
          tag.valuesOfTags(resource).stream().allMatch(each.value()::equals);
    }).reduce(resource -> true, Predicate::and);
  }

  private Predicate<Map<String, Object>> of(SearchExpression expression, int depth) {
    if (depth > MOST_DEPTH) {
      throw Fault.validation("SubExpressions may be at most " + MOST_DEPTH + " deep.");
    }
    List<Predicate<Map<String, Object>>> parts = new ArrayList<>();
    expression.filters().forEach(filter -> parts.add(of(filter, names.require(filter.name()))));
    expression.nestedFilters().forEach(nested -> parts.add(of(nested)));
    expression.subExpressions().forEach(each -> parts.add(of(each, depth + 1)));
    if (parts.isEmpty()) {
      throw Fault.validation("A SearchExpression must have at least one of Filters, NestedFilters and SubExpressions.");
    }
    if (parts.size() > MOST_ELEMENTS) {
      throw Fault.validation("A SearchExpression may have at most " + MOST_ELEMENTS + " elements.");
    }
    boolean any = "Or".equals(expression.operator());
    return resource -> any ? parts.stream().anyMatch(part -> part.test(resource))
        : parts.stream().allMatch(part -> part.test(resource));
  }

  /** All filters must hold of one and the same entry of the list. */
  private Predicate<Map<String, Object>> of(NestedFilters nested) {
    Property list = new Property(nested.nestedPropertyName(), Kind.ANY);
    List<Predicate<Map<String, Object>>> filters = nested.filters().stream()
        .map(filter -> of(filter, names.requireNested(list.name(), filter.name()))).toList();
    return resource -> list.values(resource).stream()
        .filter(Map.class::isInstance).map(Condition::members)
        .anyMatch(entry -> filters.stream().allMatch(filter -> filter.test(entry)));
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> members(Object entry) {
    return (Map<String, Object>) entry;
  }

  private Predicate<Map<String, Object>> of(Filter filter, Property property) {
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
      case "Equals" -> {
        Predicate<Object> equal = equal(property, value);
        yield resource -> property.values(resource).stream().anyMatch(equal);
      }
      case "NotEquals" -> {
        Predicate<Object> equal = equal(property, value);
        yield resource -> property.values(resource).stream().noneMatch(equal);
      }
      case "Contains" -> {
        onlyFor(property, operator, Kind.TEXT);
        if (++contains > 1) {
          throw Fault.validation("'CONTAINS' operator usage limit of 1 exceeded.");
        }
        yield resource -> property.values(resource).stream().anyMatch(each -> Property.text(each).contains(value));
      }
      case "In" -> {
        onlyFor(property, operator, Kind.TEXT);
        yield in(property, value);
      }
      case "GreaterThan" -> ordered(property, operator, value, order -> order > 0);
      case "GreaterThanOrEqualTo" -> ordered(property, operator, value, order -> order >= 0);
      case "LessThan" -> ordered(property, operator, value, order -> order < 0);
      case "LessThanOrEqualTo" -> ordered(property, operator, value, order -> order <= 0);
      default -> throw Fault.validation("The operator " + operator + " is not known.");
    };
  }

  private static void onlyFor(Property property, String operator, Kind... kinds) {
    if (property.kind() != Kind.ANY && !Arrays.asList(kinds).contains(property.kind())) {
      throw Fault.validation(
          "The operator " + operator + " is not supported for the property " + property.name() + ".");
    }
  }

  private static Predicate<Map<String, Object>> in(Property property, String value) {
    List<String> values = Arrays.stream(value.split(",")).map(String::strip).toList();
    return resource -> property.values(resource).stream().anyMatch(each -> values.contains(Property.text(each)));
  }

  private static Predicate<Object> equal(Property property, String wanted) {
    if (property.kind() == Kind.NUMBER || property.kind() == Kind.TIME) {
      double number = bound(property, wanted);
      return value -> Property.number(value).filter(each -> each == number).isPresent();
    }
    return value -> Property.text(value).equals(wanted);
  }

  private static Predicate<Map<String, Object>> ordered(Property property, String operator, String wanted,
      IntPredicate order) {
    onlyFor(property, operator, Kind.NUMBER, Kind.TIME);
    double bound = bound(property, wanted);
    return resource -> property.values(resource).stream().map(Property::number).flatMap(Optional::stream)
        .anyMatch(value -> order.test(Double.compare(value, bound)));
  }

  private static double bound(Property property, String wanted) {
    return (property.kind() == Kind.TIME ? time(wanted) : Property.number(wanted).or(() -> time(wanted)))
        .orElseThrow(() -> Fault.validation("The Value \"" + wanted + "\" of the filter on " + property.name()
            + " is neither a number nor a time."));
  }

  /** The milliseconds of a time in ISO 8601, which is in UTC unless it says otherwise. */
  private static Optional<Double> time(String text) {
    return parsed(() -> Instant.parse(text))
        .or(() -> parsed(() -> LocalDateTime.parse(text).toInstant(ZoneOffset.UTC)))
        .or(() -> parsed(() -> LocalDate.parse(text).atStartOfDay().toInstant(ZoneOffset.UTC)))
        .map(time -> (double) time.toEpochMilli());
  }

  private static Optional<Instant> parsed(Supplier<Instant> text) {
    try {
      return Optional.of(text.get());
    } catch (DateTimeParseException noTime) {
      return Optional.empty();
    }
  }
}
