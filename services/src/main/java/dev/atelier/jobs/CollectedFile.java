package dev.atelier.jobs;

import dev.atelier.compute.CollectionLimits;
import dev.atelier.compute.ComputeBackend;
import dev.atelier.compute.ComputeException;
import dev.atelier.compute.WorkloadId;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/** Reads one small file out of a host, such as the reason that a program left for its failure. */
public final class CollectedFile {
  private static final long MAX_BYTES = 1L << 30;

  private CollectedFile() {}

  /**
   * The file's first {@code maxBytes} bytes, or empty when there is none.
   *
   * @param folder the scratch folder as the host saw it
   * @param name the file's path below it
   */
  public static Optional<byte[]> read(
      ComputeBackend backend, WorkloadId id, String host, String folder, String name, int maxBytes) {
    CollectionLimits limits = new CollectionLimits(MAX_BYTES, 1, false, left -> { }, left -> {
      throw new ComputeException(left);
    });
    // it alone: whatever else lies there hides nothing
    try (InputStream raw = backend.collectFiles(id, host, folder, List.of(name), limits);
        TarArchiveInputStream tar = new TarArchiveInputStream(raw)) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        String path = entry.getName().startsWith("./") ? entry.getName().substring(2) : entry.getName();
        if (entry.isFile() && path.equals(name)) {
          return Optional.of(tar.readNBytes(maxBytes));
        }
      }
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
