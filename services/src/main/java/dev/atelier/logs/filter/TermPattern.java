package dev.atelier.logs.filter;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Matcher;

/**
 * Terms: all plain ones must be there, one of the {@code ?optional} ones unless there are plain ones, none of the
 * {@code -excluded} ones; quotes hold a term with spaces together, {@code %} encloses a regular expression.
 */
final class TermPattern implements FilterPattern {
  private static final java.util.regex.Pattern TERM =
      java.util.regex.Pattern.compile("([-?]?)(?:\"((?:[^\"\\\\]|\\\\.)*)\"|%([^%]+)%|(\\S+))");

  private final List<Predicate<String>> required = new ArrayList<>();
  private final List<Predicate<String>> optional = new ArrayList<>();
  private final List<Predicate<String>> excluded = new ArrayList<>();

  private Optional<String> longest = Optional.empty();

  private TermPattern() {}

  static TermPattern parse(String pattern) {
    TermPattern parsed = new TermPattern();
    Matcher matcher = TERM.matcher(pattern);
    int end = 0;
    while (matcher.find()) {
      if (!pattern.substring(end, matcher.start()).isBlank()) {
        throw FilterPattern.invalid();
      }
      end = matcher.end();
      Predicate<String> term = term(matcher);
      if (matcher.group(1).isEmpty() && matcher.group(3) == null) {
        String text = text(matcher);
        parsed.longest = parsed.longest.filter(other -> other.length() >= text.length()).or(() -> Optional.of(text));
      }
      switch (matcher.group(1)) {
        case "-" -> parsed.excluded.add(term);
        case "?" -> parsed.optional.add(term);
        default -> parsed.required.add(term);
      }
    }
    return parsed;
  }

  private static Predicate<String> term(Matcher matcher) {
    if (matcher.group(3) != null) {
      Pattern regex = regex(matcher.group(3));
      return message -> regex.matcher(message).find();
    }
    String text = text(matcher);
    if (matcher.group(2) == null && text.startsWith("\"")) {
      throw FilterPattern.invalid();
    }
    return message -> message.contains(text);
  }

  private static String text(Matcher matcher) {
    return matcher.group(2) == null ? matcher.group(4) : matcher.group(2).replaceAll("\\\\(.)", "$1");
  }

  @Override
  public Optional<String> required() {
    return longest;
  }

  static Pattern regex(String text) {
    try {
      return Pattern.compile(text);
    } catch (PatternSyntaxException e) {
      throw FilterPattern.invalid();
    }
  }

  @Override
  public Optional<Map<String, String>> match(String message) {
    boolean found = required.stream().allMatch(term -> term.test(message))
        && (optional.isEmpty() || !required.isEmpty() || optional.stream().anyMatch(term -> term.test(message)))
        && excluded.stream().noneMatch(term -> term.test(message));
    return found ? Optional.of(Map.of()) : Optional.empty();
  }
}
