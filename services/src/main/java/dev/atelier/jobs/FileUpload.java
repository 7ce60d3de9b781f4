package dev.atelier.jobs;

import dev.atelier.compute.CollectionLimits;
import dev.atelier.compute.ComputeBackend;
import dev.atelier.compute.ComputeException;
import dev.atelier.compute.WorkloadId;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/** Stores a folder of hosts file by file, streaming. */
public final class FileUpload {
  private static final int LONGEST_KEY = 1_024;

  private final ComputeBackend backend;
  private final RoleObjects objects;

  public FileUpload(ComputeBackend backend, RoleObjects objects) {
    this.backend = backend;
    this.objects = objects;
  }

  /** Stores every file below the target, by its path in the folder. Of files of one name the first host's is taken. */
  public void store(WorkloadId id, List<String> hosts, String inside, CollectionLimits limits, S3Location target) {
    Set<String> stored = new HashSet<>();
    for (String host : hosts) {
      try (InputStream tar = backend.collect(id, host, inside, limits)) {
        TarArchiveInputStream entries = new TarArchiveInputStream(tar, StandardCharsets.UTF_8.name());
        for (TarArchiveEntry entry = entries.getNextEntry(); entry != null; entry = entries.getNextEntry()) {
          S3Location object = target.child(entry.getName());
          if (entry.isDirectory() || hosts.size() > 1 && !stored.add(entry.getName())) {
            continue;
          }
          if (object.key().getBytes(StandardCharsets.UTF_8).length > LONGEST_KEY) {
            limits.leftOut().accept(entry.getName() + ": its S3 key would have more than " + LONGEST_KEY + " bytes");
            continue;
          }
          objects.put(object, new Entry(entries));
        }
      } catch (ComputeException e) {
        throw new ComputeException("cannot store " + inside + ": " + e.getMessage(), e);
      } catch (IOException e) {
        throw new UncheckedIOException("cannot store " + inside, e);
      }
    }
  }

  /** One file of the tar; the store closes what it has read. */
  private static final class Entry extends FilterInputStream {
    Entry(InputStream entries) {
      super(entries);
    }

    @Override
    public void close() {
      // the next entry follows
    }
  }
}
