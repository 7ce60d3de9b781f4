package dev.atelier.compute.local;

import dev.atelier.compute.ComputeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * Deletes folders whose content a sandbox made: any depth, any mode, links never followed. The tools walk by open
 * folder descriptors, so that a name exchanged meanwhile leads nowhere else.
 */
final class Deletion {
  // A helper of a killed server may still write for an instant, until it sees that nobody reads it.
  private static final int TRIES = 20;
  private static final long TRY_AGAIN_NANOS = 50_000_000;

  private Deletion() {}

  static void delete(Path folder) {
    for (int tried = 0; tried < TRIES; tried++) {
      if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
        return;
      }
      if (tried > 0) {
        LockSupport.parkNanos(TRY_AGAIN_NANOS);
      }
      if (!Machine.root()) {
        run(List.of("chmod", "-R", "u+rwX", "--", folder.toString()));
      }
      run(List.of("rm", "-rf", "--one-file-system", "--", folder.toString()));
    }
    if (Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
      throw new ComputeException("the folder " + folder.getFileName() + " could not be deleted");
    }
  }

  private static void run(List<String> command) {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    Machine.plainEnvironment(builder.environment());
    builder.redirectOutput(ProcessBuilder.Redirect.DISCARD);
    try {
      builder.start().waitFor();
    } catch (IOException e) {
      throw new ComputeException("a folder cannot be deleted: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ComputeException("interrupted while a folder was deleted", e);
    }
  }
}
