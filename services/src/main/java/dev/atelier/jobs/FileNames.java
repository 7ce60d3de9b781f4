package dev.atelier.jobs;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/** Looks whether names, which come in order, can be those of files below one folder. */
final class FileNames {
  /** Names that the next one may begin with, the longest last. */
  private final Deque<String> open = new ArrayDeque<>();
  private Optional<String> clash = Optional.empty();

  void add(String name) {
    while (!open.isEmpty() && !name.startsWith(open.getLast())) {
      open.removeLast();
    }
    for (String file : open) {
      if (name.length() == file.length() || name.charAt(file.length()) == '/') {
        clash = Optional.of(file);
      }
    }
    open.addLast(name);
  }

  /** A file whose name came twice or is that of a folder as well. */
  Optional<String> clash() {
    return clash;
  }
}
