package dev.atelier.objects;

import dev.atelier.metadata.MetadataStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What was found when index and files were compared after a start.
 *
 * @param orphans how many files without a row were deleted: writes that were never acknowledged
 * @param missing files that have a row and are not there: content that was lost outside Atelier
 */
public record Recovery(int orphans, List<String> missing) {
  private static final Logger LOG = LoggerFactory.getLogger(Recovery.class);
  private static final int BATCH = 1000;

  static CompletableFuture<Recovery> start(MetadataStore database, ObjectFiles files) {
    CompletableFuture<Recovery> found = new CompletableFuture<>();
    Thread.ofPlatform().name("object-recovery").daemon(true).start(() -> {
      try {
        Recovery recovery = compare(database, files, found);
        if (recovery.orphans > 0) {
          LOG.info("deleted {} content files of unfinished writes", recovery.orphans);
        }
        recovery.missing.forEach(file -> LOG.error("content file {} of an object is missing", file));
        found.complete(recovery);
      } catch (IOException | RuntimeException e) {
        if (!found.completeExceptionally(e)) {
          LOG.debug("recovery ended with the store", e);
        }
      }
    });
    return found;
  }

  private static Recovery compare(MetadataStore database, ObjectFiles files, CompletableFuture<Recovery> stop)
      throws IOException {
    int orphans = files.sweep(file -> {
      if (stop.isCancelled()) {
        throw new UncheckedIOException(new IOException("the store is closed"));
      }
      return database.read(handle -> ObjectIndex.knows(handle, file));
    });
    List<String> missing = new ArrayList<>();
    String after = "";
    for (List<String> rows = rows(database, after); !rows.isEmpty(); rows = rows(database, after)) {
      for (String file : rows) {
        // A file that is gone with its row since the row was read is not missing.
        if (!Files.exists(files.path(file)) && database.read(handle -> ObjectIndex.knows(handle, file))) {
          missing.add(file);
        }
      }
      after = rows.getLast();
    }
    return new Recovery(orphans, List.copyOf(missing));
  }

  private static List<String> rows(MetadataStore database, String after) {
    return database.read(handle -> ObjectIndex.files(handle, after, BATCH));
  }
}
