package dev.atelier.server.http;

import java.util.List;

/** Tells a full disk from other failures, by the words of the kernel and of the database. */
final class StorageFull {
  private static final List<String> WORDS =
      List.of("No space left on device", "Disk quota exceeded", "SQLITE_FULL", "database or disk is full");

  private StorageFull() {}

  static boolean caused(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      String message = String.valueOf(cause.getMessage());
      if (WORDS.stream().anyMatch(message::contains)) {
        return true;
      }
    }
    return false;
  }
}
