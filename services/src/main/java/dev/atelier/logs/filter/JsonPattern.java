package dev.atelier.logs.filter;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * A condition on the members of messages that are JSON objects: {@code { $.a.b = "x*" && ($.n > 3 || $.e IS NULL) }},
 * with EXISTS, NOT EXISTS, IS TRUE and IS FALSE; {@code [*]} stands for any element. A member that is not there fulfils
 * no comparison.
 */
final class JsonPattern implements FilterPattern {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String SELECTOR_ENDS = "=!<>()&|}";

  private final Predicate<JsonNode> condition;
  private final Map<String, List<String>> selectors;

  private JsonPattern(Predicate<JsonNode> condition, Map<String, List<String>> selectors) {
    this.condition = condition;
    this.selectors = selectors;
  }

  static JsonPattern parse(String text) {
    Parser parser = new Parser(new Scanner(text));
    parser.scanner.expect("{");
    Predicate<JsonNode> condition = parser.any();
    parser.scanner.expect("}");
    parser.scanner.end();
    return new JsonPattern(condition, parser.selectors);
  }

  @Override
  public Optional<Map<String, String>> match(String message) {
    JsonNode node;
    try {
      node = message.stripLeading().startsWith("{") ? JSON.readTree(message) : null;
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
    if (node == null || !node.isObject() || !condition.test(node)) {
      return Optional.empty();
    }
    Map<String, String> extracted = new LinkedHashMap<>();
    selectors.forEach((selector, steps) -> nodes(node, steps).stream().findFirst()
        .ifPresent(found -> extracted.put(selector, text(found))));
    return Optional.of(extracted);
  }

  /** The text of a member of a message that is JSON, by a selector such as {@code $.a.b}. */
  static Optional<String> select(String message, String selector) {
    try {
      return nodes(JSON.readTree(message), steps(selector)).stream().findFirst().map(JsonPattern::text);
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
  }

  private static String text(JsonNode node) {
    return node.isValueNode() ? node.asText() : node.toString();
  }

  /** The steps of a selector: names, indexes, and {@code *} for every element. */
  static List<String> steps(String selector) {
    if (!selector.startsWith("$")) {
      throw FilterPattern.invalid();
    }
    List<String> steps = new ArrayList<>();
    for (String part : selector.substring(1).split("\\.|(?=\\[)")) {
      if (part.startsWith("[") && part.endsWith("]") && part.length() > 2) {
        steps.add(part.substring(1, part.length() - 1).replaceAll("^['\"]|['\"]$", ""));
      } else if (!part.isEmpty()) {
        steps.add(part);
      }
    }
    if (steps.isEmpty()) {
      throw FilterPattern.invalid();
    }
    return steps;
  }

  private static List<JsonNode> nodes(JsonNode root, List<String> steps) {
    List<JsonNode> found = List.of(root);
    for (String step : steps) {
      List<JsonNode> next = new ArrayList<>();
      for (JsonNode node : found) {
        if (node.isArray() && step.equals("*")) {
          node.forEach(next::add);
        } else if (node.isArray() && step.matches("\\d{1,6}")) {
          Optional.ofNullable(node.get(Integer.parseInt(step))).ifPresent(next::add);
        } else {
          Optional.ofNullable(node.get(step)).ifPresent(next::add);
        }
      }
      found = next;
    }
    return found;
  }

  private static final class Parser {
    private final Scanner scanner;
    private final Map<String, List<String>> selectors = new LinkedHashMap<>();

    Parser(Scanner scanner) {
      this.scanner = scanner;
    }

    Predicate<JsonNode> any() {
      Predicate<JsonNode> condition = all();
      while (scanner.accept("||")) {
        condition = condition.or(all());
      }
      return condition;
    }

    private Predicate<JsonNode> all() {
      Predicate<JsonNode> condition = one();
      while (scanner.accept("&&")) {
        condition = condition.and(one());
      }
      return condition;
    }

    private Predicate<JsonNode> one() {
      scanner.down();
      Predicate<JsonNode> condition;
      if (scanner.accept("(")) {
        condition = any();
        scanner.expect(")");
      } else {
        condition = comparison();
      }
      scanner.up();
      return condition;
    }

    private Predicate<JsonNode> comparison() {
      String selector = scanner.name(SELECTOR_ENDS);
      List<String> steps = steps(selector);
      selectors.put(selector, steps);
      if (scanner.word("NOT")) {
        if (!scanner.word("EXISTS")) {
          throw FilterPattern.invalid();
        }
        return node -> nodes(node, steps).isEmpty();
      }
      if (scanner.word("EXISTS")) {
        return node -> !nodes(node, steps).isEmpty();
      }
      if (scanner.word("IS")) {
        Predicate<JsonNode> is = scanner.word("NULL") ? JsonNode::isNull
            : scanner.word("TRUE") ? node -> node.isBoolean() && node.asBoolean()
            : scanner.word("FALSE") ? node -> node.isBoolean() && !node.asBoolean() : null;
        if (is == null) {
          throw FilterPattern.invalid();
        }
        return node -> nodes(node, steps).stream().anyMatch(is);
      }
      String operator = scanner.operator();
      Scanner.Operand operand = scanner.operand("()&|}");
      Predicate<String> test = Comparison.of(operator, operand.text(), operand.quoted());
      return node -> nodes(node, steps).stream()
          .anyMatch(found -> found.isValueNode() && !found.isNull() && test.test(found.asText()));
    }
  }
}
