package dev.atelier.logs;

import dev.atelier.kernel.Fault;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A filter pattern of terms: all plain terms must be there, one of the {@code ?optional} ones, none of the
 * {@code -excluded} ones; quotes hold a term with spaces together. Source: "Filter pattern syntax" of the CloudWatch Logs
 * user guide. Patterns on JSON members and columns are refused.
 */
final class FilterPattern {
  private static final Pattern TERM = Pattern.compile("([-?]?)(?:\"((?:[^\"\\\\]|\\\\.)*)\"|(\\S+))");

  private final List<String> required = new ArrayList<>();
  private final List<String> optional = new ArrayList<>();
  private final List<String> excluded = new ArrayList<>();

  private FilterPattern() {}

  static FilterPattern parse(String text) {
    String pattern = text.strip();
    if (pattern.startsWith("{") || pattern.startsWith("[") || pattern.startsWith("%")) {
      throw new Fault("InvalidParameterException", 400,
          "Filter patterns on JSON members, columns and regular expressions are not supported by this version of Atelier.");
    }
    FilterPattern parsed = new FilterPattern();
    Matcher matcher = TERM.matcher(pattern);
    int end = 0;
    while (matcher.find()) {
      if (!pattern.substring(end, matcher.start()).isBlank()) {
        throw new Fault("InvalidParameterException", 400, "Invalid filter pattern");
      }
      end = matcher.end();
      String term = matcher.group(2) == null ? matcher.group(3) : matcher.group(2).replaceAll("\\\\(.)", "$1");
      switch (matcher.group(1)) {
        case "-" -> parsed.excluded.add(term);
        case "?" -> parsed.optional.add(term);
        default -> parsed.required.add(term);
      }
    }
    return parsed;
  }

  boolean matches(String message) {
    return required.stream().allMatch(message::contains)
        && (optional.isEmpty() || !required.isEmpty() || optional.stream().anyMatch(message::contains))
        && excluded.stream().noneMatch(message::contains);
  }
}
