package dev.atelier.logs.insights;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The words of a query. */
final class Tokens {
  private static final Pattern TOKEN = Pattern.compile("\\s+|#[^\\n]*|(\\d+(?:\\.\\d+)?(?:[a-zA-Z]+)?)"
      + "|([@A-Za-z_][A-Za-z0-9_@.]*)|`([^`]*)`|\"((?:[^\"\\\\]|\\\\.)*)\"|'((?:[^'\\\\]|\\\\.)*)'"
      + "|(=~|!=|<=|>=|[-+*%^=<>(),|\\[\\]])|(/)");

  /** What a token is. */
  enum Kind { NUMBER, WORD, FIELD, TEXT, SYMBOL, REGEX, END }

  /** A token with where it stands. */
  record Token(Kind kind, String text, int from, int to) {
    boolean is(String symbol) {
      return kind == Kind.SYMBOL && text.equals(symbol);
    }

    boolean word(String word) {
      return kind == Kind.WORD && text.toLowerCase(Locale.ROOT).equals(word);
    }
  }

  private final List<Token> tokens = new ArrayList<>();
  private int next;

  Tokens(String text) {
    Matcher matcher = TOKEN.matcher(text);
    int at = 0;
    while (at < text.length()) {
      if (!matcher.find(at) || matcher.start() != at) {
        throw new QueryError("unexpected symbol found " + text.charAt(at), at, at + 1);
      }
      at = matcher.group(7) != null ? slash(text, at) : plain(matcher);
    }
    tokens.add(new Token(Kind.END, "end of query", text.length(), text.length()));
  }

  private int plain(Matcher matcher) {
    Kind[] kinds = {Kind.NUMBER, Kind.WORD, Kind.FIELD, Kind.TEXT, Kind.TEXT, Kind.SYMBOL};
    for (int group = 1; group <= kinds.length; group++) {
      if (matcher.group(group) != null) {
        String text = kinds[group - 1] == Kind.TEXT
            ? matcher.group(group).replaceAll("\\\\(.)", "$1") : matcher.group(group);
        tokens.add(new Token(kinds[group - 1], text, matcher.start(), matcher.end()));
      }
    }
    return matcher.end();
  }

  /** A slash divides after a value, and opens a regular expression elsewhere. */
  private int slash(String text, int at) {
    Token before = tokens.isEmpty() ? new Token(Kind.END, "", 0, 0) : tokens.getLast();
    boolean value = before.kind() == Kind.NUMBER || before.kind() == Kind.FIELD || before.is(")")
        || before.kind() == Kind.WORD && !before.word("like") && !before.word("parse");
    int end = at + 1;
    while (end < text.length() && text.charAt(end) != '/') {
      end += text.charAt(end) == '\\' ? 2 : 1;
    }
    boolean regexAfterField = before.kind() != Kind.NUMBER && opensParse() && end < text.length();
    if (value && !regexAfterField || end >= text.length()) {
      tokens.add(new Token(Kind.SYMBOL, "/", at, at + 1));
      return at + 1;
    }
    tokens.add(new Token(Kind.REGEX, text.substring(at + 1, end).replace("\\/", "/"), at, end + 1));
    return end + 1;
  }

  /** Whether the present command is {@code parse}, whose field is followed by its pattern. */
  private boolean opensParse() {
    for (Token token : tokens.reversed()) {
      if (token.is("|")) {
        return false;
      }
      if (token.word("parse")) {
        return true;
      }
    }
    return false;
  }

  Token peek() {
    return tokens.get(next);
  }

  Token peekAfter() {
    return tokens.get(Math.min(next + 1, tokens.size() - 1));
  }

  Token take() {
    Token token = tokens.get(next);
    next = Math.min(next + 1, tokens.size() - 1);
    return token;
  }

  boolean accept(String symbol) {
    boolean found = peek().is(symbol);
    if (found) {
      take();
    }
    return found;
  }

  boolean acceptWord(String word) {
    boolean found = peek().word(word);
    if (found) {
      take();
    }
    return found;
  }

  void expect(String symbol) {
    if (!accept(symbol)) {
      throw unexpected();
    }
  }

  QueryError unexpected() {
    Token token = peek();
    return new QueryError("unexpected symbol found " + token.text(), token.from(), token.to());
  }
}
