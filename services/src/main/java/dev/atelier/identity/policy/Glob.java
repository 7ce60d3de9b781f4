package dev.atelier.identity.policy;

/** IAM's wildcards: {@code *} for any run of characters, {@code ?} for exactly one. Linear in practice, never exponential. */
public final class Glob {
  /** Stands before a character that is meant itself; no ARN, name or tag can hold it. */
  private static final char ESCAPE = '\u0000';

  private Glob() {}

  /** The text as a pattern that matches nothing else. */
  static String literal(String text) {
    if (text.indexOf('*') < 0 && text.indexOf('?') < 0) {
      return text;
    }
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      out.append(c == '*' || c == '?' ? Character.toString(ESCAPE) + c : Character.toString(c));
    }
    return out.toString();
  }

  public static boolean matches(String pattern, String text) {
    int p = 0;
    int t = 0;
    int star = -1;
    int mark = 0;
    while (t < text.length()) {
      char wanted = p < pattern.length() ? pattern.charAt(p) : ESCAPE;
      if (wanted == ESCAPE && p + 1 < pattern.length() && pattern.charAt(p + 1) == text.charAt(t)) {
        p += 2;
        t++;
      } else if (wanted == '*') {
        star = p++;
        mark = t;
      } else if (p < pattern.length() && wanted != ESCAPE && (wanted == '?' || wanted == text.charAt(t))) {
        p++;
        t++;
      } else if (star >= 0) {
        p = star + 1;
        t = ++mark;
      } else {
        return false;
      }
    }
    while (p < pattern.length() && pattern.charAt(p) == '*') {
      p++;
    }
    return p == pattern.length();
  }
}
