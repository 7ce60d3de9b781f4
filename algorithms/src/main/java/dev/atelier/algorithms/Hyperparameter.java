package dev.atelier.algorithms;

import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * What an algorithm accepts as one hyperparameter. {@link #read} gives the value in its canonical text, or a
 * {@link UserError} in the words that the algorithm images use.
 */
public sealed interface Hyperparameter {
  /** The name as the caller writes it. */
  String name();

  /** The value's canonical text; the caller's text is untrusted. */
  String read(String text);

  /** An integer. */
  record Whole(String name, Interval range) implements Hyperparameter {
    @Override
    public String read(String text) {
      long value;
      try {
        value = Long.parseLong(text.strip());
      } catch (NumberFormatException notAnInteger) {
        throw unreadable(name, "ValueError");
      }
      if (!range.contains(value)) {
        throw outside(name, Long.toString(value), range.text());
      }
      return Long.toString(value);
    }
  }

  /** A floating point number. */
  record Real(String name, Interval range) implements Hyperparameter {
    @Override
    public String read(String text) {
      double value;
      try {
        value = Double.parseDouble(text.strip());
      } catch (NumberFormatException notANumber) {
        throw unreadable(name, "ValueError");
      }
      if (!range.contains(value)) {
        throw outside(name, PythonText.number(value), range.text());
      }
      return PythonText.number(value);
    }
  }

  /** One of some words. */
  record Choice(String name, List<String> words) implements Hyperparameter {
    @Override
    public String read(String text) {
      if (!words.contains(text)) {
        throw outside(name, text, PythonText.list(words));
      }
      return text;
    }
  }

  /** Words separated by commas, each of which {@code accepted} takes; {@code range} is shown when it does not. */
  record Words(String name, List<String> range, Predicate<String> accepted) implements Hyperparameter {
    @Override
    public String read(String text) {
      List<String> values = List.of(text.split(",", -1));
      if (!values.stream().allMatch(accepted)) {
        throw outsideList(name, PythonText.list(values), PythonText.list(range));
      }
      return String.join(",", values);
    }
  }

  /** A tuple of integers: {@code (1,0,-1)}. */
  record Tuple(String name, List<Integer> values) implements Hyperparameter {
    private static final Pattern SHAPE =
        Pattern.compile("[(\\[]?\\s*-?\\d{1,9}(\\s*,\\s*-?\\d{1,9})*\\s*,?\\s*[)\\]]?");

    @Override
    public String read(String text) {
      if (!SHAPE.matcher(text.strip()).matches()) {
        throw unreadable(name, "SyntaxError");
      }
      List<String> parts = List.of(text.replaceAll("[()\\[\\]\\s]", "").split(","));
      String tuple = "(" + String.join(",", parts) + ")";
      if (!parts.stream().map(Integer::valueOf).allMatch(values::contains)) {
        throw outsideList(name, tuple, values.toString());
      }
      return tuple;
    }
  }

  /** A list of lists of integers: {@code [[1, 2], [3, 4]]}. */
  record Lists(String name, Interval range) implements Hyperparameter {
    private static final Pattern SHAPE = Pattern.compile("\\[(\\[\\d{1,9}(,\\d{1,9})*],?)*]");

    @Override
    public String read(String text) {
      String compact = text.replaceAll("\\s", "");
      if (!SHAPE.matcher(compact).matches()) {
        throw unreadable(name, "ValueError");
      }
      boolean inside = Pattern.compile("\\d+").matcher(compact).results()
          .allMatch(number -> range.contains(Integer.parseInt(number.group())));
      if (!inside) {
        throw outsideList(name, compact.replace(",", ", "), range.text());
      }
      return compact;
    }
  }

  private static UserError unreadable(String name, String error) {
    return new UserError("Hyperparameter " + name + ": could not parse value (caused by " + error + ")");
  }

  private static UserError outside(String name, String value, String range) {
    return new UserError("Hyperparameter " + name + ": " + value + " is not in " + range);
  }

  private static UserError outsideList(String name, String value, String range) {
    return new UserError("Hyperparameter " + name + ": value " + value + " not in range " + range);
  }
}
