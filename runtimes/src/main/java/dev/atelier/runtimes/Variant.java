package dev.atelier.runtimes;

/**
 * One environment of a framework that can be built.
 *
 * @param version the framework's; empty where the image's tag names none, and where it follows Python's
 * @param requirements the locked list of its Python packages
 * @param pythons the minor versions that the list's packages have wheels for, {@code 3.8} or {@code 3.8-3.11}; null for
 *     the machine's own, whichever it is
 */
record Variant(String version, String requirements, String pythons) {

  boolean runsOn(Interpreter interpreter) {
    if (pythons == null) {
      return interpreter.own();
    }
    String[] ends = pythons.split("-");
    Version python = Version.of(interpreter.version());
    return python.compareTo(Version.of(ends[0])) >= 0 && python.compareTo(Version.of(ends[ends.length - 1])) <= 0;
  }

  Version number() {
    return Version.of(version);
  }
}
