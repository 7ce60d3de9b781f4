package dev.atelier.identity.policy;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Replaces policy variables: {@code ${aws:username}}, {@code ${aws:PrincipalTag/team, 'none'}}, {@code ${*}}. */
final class Variables {
  private static final Pattern FALLBACK = Pattern.compile("([^,]+?)\\s*,\\s*'([^']*)'\\s*");

  private Variables() {}

  /** Values of a request are taken literally where a pattern is wanted: wildcards in them stand for themselves. */
  static String replaced(String text, RequestContext request, boolean pattern) {
    int start = text.indexOf("${");
    if (start < 0) {
      return text;
    }
    StringBuilder out = new StringBuilder();
    int from = 0;
    while (start >= 0) {
      int end = text.indexOf('}', start);
      if (end < 0) {
        break;
      }
      out.append(text, from, start).append(value(text.substring(start + 2, end), request, pattern)
          .orElse(text.substring(start, end + 1)));
      from = end + 1;
      start = text.indexOf("${", from);
    }
    return out.append(text, from, text.length()).toString();
  }

  private static Optional<String> value(String expression, RequestContext request, boolean pattern) {
    if (expression.equals("*") || expression.equals("?") || expression.equals("$")) {
      return Optional.of(pattern ? Glob.literal(expression) : expression);
    }
    Matcher fallback = FALLBACK.matcher(expression);
    boolean hasFallback = fallback.matches();
    List<String> values = request.values((hasFallback ? fallback.group(1) : expression).trim());
    if (values.size() == 1) {
      return Optional.of(pattern ? Glob.literal(values.getFirst()) : values.getFirst());
    }
    return hasFallback ? Optional.of(fallback.group(2)) : Optional.empty();
  }

  /** The keys that a text's variables name. */
  static List<String> keys(String text) {
    List<String> keys = new ArrayList<>();
    for (int start = text.indexOf("${"); start >= 0; start = text.indexOf("${", start + 2)) {
      int end = text.indexOf('}', start);
      if (end > start + 3) {
        String key = text.substring(start + 2, end).split(",", 2)[0].trim();
        if (key.indexOf(':') > 0) {
          keys.add(key);
        }
      }
    }
    return keys;
  }
}
