package dev.atelier.kernel;

import java.util.List;

/** Tells a full disk from other failures, by the words of the kernel and of the database. */
public final class StorageFull {
  private static final List<String> WORDS =
      List.of("No space left on device", "Disk quota exceeded", "SQLITE_FULL", "database or disk is full");

  private StorageFull() {}

  /** Whether a failure, or what caused it, says that there is no space left. */
  public static boolean caused(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      String message = String.valueOf(cause.getMessage());
      if (WORDS.stream().anyMatch(message::contains)) {
        return true;
      }
    }
    return false;
  }
}
