package dev.atelier.jobs;

import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;

/** Tells each text once, and only so many of them: a program can cause any number. */
final class Told {
  private static final int MOST = 100;
  private static final String MORE = "not stored: more of this kind";

  private final Set<String> texts = new HashSet<>();

  /** Tells what was not told before; in place of those above the hundredth, once, that there are more. */
  synchronized void tell(String text, Consumer<String> log) {
    if (texts.contains(text) || texts.contains(MORE)) {
      return;
    }
    String said = texts.size() < MOST ? text : MORE;
    texts.add(said);
    log.accept(said);
  }
}
