package dev.atelier.logs.filter;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Columns of a message: {@code [ip, user, ..., status = 4* || status = 5*, bytes > 1000]}. Spaces separate columns;
 * quotes and brackets hold one together. {@code ...} stands for any number of columns.
 */
final class ColumnPattern implements FilterPattern {
  private static final Pattern COLUMN = Pattern.compile("\\[([^\\]]*)\\]|\"((?:[^\"\\\\]|\\\\.)*)\"|(\\S+)");
  private static final String NAME_ENDS = "=!<>()&|,]";
  private static final String ELLIPSIS = "...";

  private final List<Column> columns;

  private ColumnPattern(List<Column> columns) {
    this.columns = columns;
  }

  private record Column(String name, Predicate<String> condition) {}

  static ColumnPattern parse(String text) {
    Scanner scanner = new Scanner(text);
    scanner.expect("[");
    List<Column> columns = new ArrayList<>();
    do {
      if (scanner.accept(ELLIPSIS)) {
        columns.add(new Column(ELLIPSIS, any -> true));
      } else {
        columns.add(column(scanner));
      }
    } while (scanner.accept(","));
    scanner.expect("]");
    scanner.end();
    if (columns.stream().filter(column -> column.name().equals(ELLIPSIS)).count() > 1) {
      throw FilterPattern.invalid();
    }
    return new ColumnPattern(columns);
  }

  private static Column column(Scanner scanner) {
    String[] name = {""};
    Predicate<String> condition = any(scanner, name);
    return new Column(name[0], condition);
  }

  private static Predicate<String> any(Scanner scanner, String[] name) {
    Predicate<String> condition = all(scanner, name);
    while (scanner.accept("||")) {
      condition = condition.or(all(scanner, name));
    }
    return condition;
  }

  private static Predicate<String> all(Scanner scanner, String[] name) {
    Predicate<String> condition = one(scanner, name);
    while (scanner.accept("&&")) {
      condition = condition.and(one(scanner, name));
    }
    return condition;
  }

  private static Predicate<String> one(Scanner scanner, String[] name) {
    if (scanner.accept("(")) {
      scanner.down();
      Predicate<String> inner = any(scanner, name);
      scanner.expect(")");
      scanner.up();
      return inner;
    }
    String found = scanner.name(NAME_ENDS);
    if (!name[0].isEmpty() && !name[0].equals(found)) {
      throw FilterPattern.invalid();
    }
    name[0] = found;
    if (scanner.endsWith("&|,])")) {
      return any -> true;
    }
    String operator = scanner.operator();
    Scanner.Operand operand = scanner.operand("()&|,]");
    return Comparison.of(operator, operand.text(), operand.quoted());
  }

  @Override
  public Optional<Map<String, String>> match(String message) {
    List<String> found = new ArrayList<>();
    Matcher matcher = COLUMN.matcher(message);
    while (matcher.find()) {
      found.add(matcher.group(1) != null ? matcher.group(1) : matcher.group(2) != null ? matcher.group(2)
          : matcher.group(3));
    }
    int gap = -1;
    for (int i = 0; i < columns.size(); i++) {
      gap = columns.get(i).name().equals(ELLIPSIS) ? i : gap;
    }
    int fixed = gap < 0 ? columns.size() : columns.size() - 1;
    if (gap < 0 ? found.size() != fixed : found.size() < fixed) {
      return Optional.empty();
    }
    Map<String, String> extracted = new LinkedHashMap<>();
    for (int i = 0; i < columns.size(); i++) {
      if (i == gap) {
        continue;
      }
      int at = gap < 0 || i < gap ? i : found.size() - (columns.size() - i);
      Column column = columns.get(i);
      if (!column.condition().test(found.get(at))) {
        return Optional.empty();
      }
      extracted.put("$" + (column.name().isEmpty() ? Integer.toString(at + 1) : column.name()), found.get(at));
    }
    return Optional.of(extracted);
  }
}
