package dev.atelier.logs.insights;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.DoubleUnaryOperator;

/** The functions of one row. */
final class Scalars {
  private static final Map<String, DoubleUnaryOperator> NUMBERS = Map.of("abs", Math::abs, "ceil", Math::ceil,
      "floor", Math::floor, "sqrt", Math::sqrt, "log", Math::log, "round", Math::rint);
  private static final Set<String> OTHERS = Set.of("greatest", "least", "bin", "datefloor", "dateceil", "frommillis",
      "tomillis", "strlen", "concat", "trim", "ltrim", "rtrim", "toupper", "tolower", "substr", "replace",
      "strcontains", "isempty", "isblank", "ispresent", "coalesce", "now");

  private Scalars() {}

  static boolean known(String function) {
    return NUMBERS.containsKey(function) || OTHERS.contains(function);
  }

  static Object call(String function, List<Object> given, Evaluation evaluation) {
    if (NUMBERS.containsKey(function)) {
      Double operand = given.isEmpty() ? null : Evaluation.number(given.getFirst());
      double result = operand == null ? Double.NaN : NUMBERS.get(function).applyAsDouble(operand);
      return Double.isFinite(result) ? result : null;
    }
    Object first = given.isEmpty() ? null : given.getFirst();
    String text = Evaluation.text(first);
    return switch (function) {
      case "greatest" -> given.stream().map(Evaluation::number).filter(java.util.Objects::nonNull)
          .max(Double::compare).orElse(null);
      case "least" -> given.stream().map(Evaluation::number).filter(java.util.Objects::nonNull)
          .min(Double::compare).orElse(null);
      case "bin" -> rounded(evaluation.row().get("@timestamp"), first, false);
      case "datefloor" -> rounded(first, given.size() > 1 ? given.get(1) : null, false);
      case "dateceil" -> rounded(first, given.size() > 1 ? given.get(1) : null, true);
      case "frommillis" -> Evaluation.number(first) == null ? null
          : Times.shown(Evaluation.number(first).longValue());
      case "tomillis" -> boxed(Times.millis(first));
      case "strlen" -> first == null ? null : (double) text.length();
      case "concat", "trim", "ltrim", "rtrim", "toupper", "tolower", "substr", "replace" ->
          made(function, text, given, evaluation);
      case "strcontains" -> Evaluation.truth(given.size() > 1 && text.contains(Evaluation.text(given.get(1))));
      case "isempty" -> Evaluation.truth(text.isEmpty());
      case "isblank" -> Evaluation.truth(text.isBlank());
      case "ispresent" -> Evaluation.truth(first != null);
      case "coalesce" -> given.stream().filter(java.util.Objects::nonNull).findFirst().orElse(null);
      default -> null;
    };
  }

  /** What functions make of texts: its length is allowed before it is made. */
  private static Object made(String function, String text, List<Object> given, Evaluation evaluation) {
    List<String> texts = Evaluation.texts(given);
    evaluation.make(switch (function) {
      case "concat" -> texts.stream().mapToLong(String::length).sum();
      case "replace" -> texts.size() < 3 ? 0 : replaced(text, texts.get(1), texts.get(2));
      default -> text.length();
    });
    return switch (function) {
      case "concat" -> String.join("", texts);
      case "trim" -> text.strip();
      case "ltrim" -> text.stripLeading();
      case "rtrim" -> text.stripTrailing();
      case "toupper" -> text.toUpperCase(Locale.ROOT);
      case "tolower" -> text.toLowerCase(Locale.ROOT);
      case "substr" -> substring(text, given);
      default -> texts.size() < 3 ? text : text.replace(texts.get(1), texts.get(2));
    };
  }

  /** The length of a text with every {@code from} replaced; an empty one is before each character and at the end. */
  private static long replaced(String text, String from, String to) {
    long count = from.isEmpty() ? text.length() + 1L : 0;
    for (int at = from.isEmpty() ? -1 : text.indexOf(from); at >= 0; at = text.indexOf(from, at + from.length())) {
      count++;
    }
    return text.length() + count * (to.length() - from.length());
  }

  private static Object substring(String text, List<Object> given) {
    Double start = given.size() > 1 ? Evaluation.number(given.get(1)) : null;
    if (start == null) {
      return null;
    }
    int from = Math.clamp(start.longValue(), 0, text.length());
    Double length = given.size() > 2 ? Evaluation.number(given.get(2)) : null;
    return text.substring(from,
        length == null ? text.length() : Math.clamp(from + length.longValue(), from, text.length()));
  }

  private static Object boxed(OptionalDouble value) {
    return value.isPresent() ? (Object) value.getAsDouble() : null;
  }

  private static Object rounded(Object time, Object span, boolean up) {
    OptionalDouble millis = Times.millis(time);
    OptionalDouble width = span instanceof String text ? Times.span(text) : OptionalDouble.of(300_000);
    if (millis.isEmpty() || width.isEmpty()) {
      return null;
    }
    double count = millis.getAsDouble() / width.getAsDouble();
    return Times.shown((long) ((up ? Math.ceil(count) : Math.floor(count)) * width.getAsDouble()));
  }
}
