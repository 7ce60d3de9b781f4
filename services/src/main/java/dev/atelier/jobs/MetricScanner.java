package dev.atelier.jobs;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.atelier.kernel.Fault;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * Finds metrics in a job's output by the regular expressions that its request defines; the first group is the value.
 * The expressions are the user's: RE2/J matches them in linear time on lines of bounded length.
 */
public final class MetricScanner {
  private static final int MAX_LINE = 16_384;

  private final Map<String, Pattern> definitions = new LinkedHashMap<>();
  private final Map<String, Found> latest = new LinkedHashMap<>();

  /** A metric's latest value. */
  public record Found(String name, double value, Instant at) {}

  /** A metric's name with its expression. */
  public record Definition(String name, String regex) {}

  /** @throws Fault ValidationException when an expression cannot be used */
  public MetricScanner(List<Definition> wanted) {
    for (Definition definition : wanted) {
      try {
        definitions.put(definition.name(), Pattern.compile(definition.regex()));
      } catch (PatternSyntaxException e) {
        throw Fault.validation("The regular expression of the metric definition " + definition.name()
            + " is not valid: " + e.getMessage());
      }
    }
  }

  public void line(String line, Instant at) {
    found(line, at).forEach(each -> latest.put(each.name(), each));
  }

  /** The values in one line; they do not count as the latest. */
  public List<Found> found(String line, Instant at) {
    List<Found> all = new ArrayList<>();
    String bounded = line.length() > MAX_LINE ? line.substring(0, MAX_LINE) : line;
    definitions.forEach((name, pattern) -> {
      Matcher matcher = pattern.matcher(bounded);
      while (matcher.find()) {
        if (matcher.groupCount() >= 1 && matcher.group(1) != null) {
          number(matcher.group(1)).ifPresent(value -> all.add(new Found(name, value, at)));
        }
      }
    });
    return all;
  }

  private static OptionalDouble number(String text) {
    try {
      double value = Double.parseDouble(text.strip());
      return Double.isFinite(value) ? OptionalDouble.of(value) : OptionalDouble.empty();
    } catch (NumberFormatException e) {
      return OptionalDouble.empty();
    }
  }

  /** The last value of every metric that was seen, in order of definition. */
  public List<Found> latest() {
    return definitions.keySet().stream().filter(latest::containsKey).map(latest::get).toList();
  }
}
