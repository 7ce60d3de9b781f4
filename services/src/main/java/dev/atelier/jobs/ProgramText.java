package dev.atelier.jobs;

import dev.atelier.kernel.Fault;
import java.util.List;
import java.util.Map;

/** What a program gets as its arguments or its environment: the kernel ends such a text at a NUL character. */
public final class ProgramText {
  private ProgramText() {}

  /**
   * Refuses words that a program cannot be given.
   *
   * @param member of the request, as the API names it
   * @throws Fault ValidationException
   */
  public static void require(String member, List<String> words) {
    for (int i = 0; i < words.size(); i++) {
      if (words.get(i) != null && hasNul(words.get(i))) {
        throw Fault.validation("Found a NUL character in " + member + " at index " + i + ".");
      }
    }
  }

  /** As {@link #require(String, List)}, of names with their values. */
  public static void require(String member, Map<String, String> named) {
    named.forEach((name, value) -> {
      if (hasNul(name)) {
        throw Fault.validation("Found a NUL character in a key of " + member + ".");
      }
      if (hasNul(value)) {
        throw Fault.validation("Found a NUL character in the value of \"" + name + "\" in " + member + ".");
      }
    });
  }

  private static boolean hasNul(String text) {
    return text.indexOf('\0') >= 0;
  }
}
