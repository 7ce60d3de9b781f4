package dev.atelier.compute.local;

/** Text as one word of a shell script, whatever it holds. */
final class Shell {
  private Shell() {}

  static String quote(Object word) {
    String text = word.toString();
    if (text.indexOf('\0') >= 0) {
      throw new dev.atelier.compute.ComputeException("a word of a command holds a NUL character");
    }
    return "'" + text.replace("'", "'\\''") + "'";
  }
}
