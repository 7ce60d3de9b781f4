package dev.atelier.logs.filter;

/** Reads a pattern from left to right. */
final class Scanner {
  private static final int MAX_DEPTH = 50;
  private static final String[] OPERATORS = {"!=", "<=", ">=", "=", "<", ">"};

  private final String text;
  private int at;
  private int depth;

  Scanner(String text) {
    this.text = text;
  }

  /** An operand of a comparison. */
  record Operand(String text, boolean quoted) {}

  void space() {
    while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
      at++;
    }
  }

  boolean accept(String symbol) {
    space();
    boolean found = text.startsWith(symbol, at);
    at += found ? symbol.length() : 0;
    return found;
  }

  /** As {@link #accept}, of a word in capital letters. */
  boolean word(String word) {
    int before = at;
    if (accept(word) && (at == text.length() || !Character.isLetterOrDigit(text.charAt(at)))) {
      return true;
    }
    at = before;
    return false;
  }

  void expect(String symbol) {
    if (!accept(symbol)) {
      throw FilterPattern.invalid();
    }
  }

  void end() {
    space();
    if (at < text.length()) {
      throw FilterPattern.invalid();
    }
  }

  /** Whether one of these characters comes next, or nothing. */
  boolean endsWith(String ends) {
    space();
    return at == text.length() || ends.indexOf(text.charAt(at)) >= 0;
  }

  void down() {
    if (++depth > MAX_DEPTH) {
      throw FilterPattern.invalid();
    }
  }

  void up() {
    depth--;
  }

  String operator() {
    for (String operator : OPERATORS) {
      if (accept(operator)) {
        return operator;
      }
    }
    throw FilterPattern.invalid();
  }

  /** Characters up to one of {@code ends} or a space. */
  String name(String ends) {
    space();
    int start = at;
    while (at < text.length() && ends.indexOf(text.charAt(at)) < 0 && !Character.isWhitespace(text.charAt(at))) {
      at++;
    }
    return text.substring(start, at);
  }

  Operand operand(String ends) {
    space();
    if (at < text.length() && text.charAt(at) == '"') {
      return new Operand(quoted(), true);
    }
    if (at < text.length() && text.charAt(at) == '%' && text.indexOf('%', at + 1) > 0) {
      int end = text.indexOf('%', at + 1) + 1;
      String regex = text.substring(at, end);
      at = end;
      return new Operand(regex, false);
    }
    String plain = name(ends);
    if (plain.isEmpty()) {
      throw FilterPattern.invalid();
    }
    return new Operand(plain, false);
  }

  private String quoted() {
    StringBuilder value = new StringBuilder();
    for (at++; at < text.length(); at++) {
      char c = text.charAt(at);
      if (c == '"') {
        at++;
        return value.toString();
      }
      if (c == '\\' && at + 1 < text.length()) {
        c = text.charAt(++at);
      }
      value.append(c);
    }
    throw FilterPattern.invalid();
  }
}
