package dev.atelier.jobs;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/** Makes one tar of several. The first entry of a name is kept, and nothing is laid below a file. */
final class MergedTar {
  private final TarArchiveOutputStream out;
  /** Paths that are in the archive, and whether each is a folder. */
  private final Map<String, Boolean> taken = new HashMap<>();

  MergedTar(OutputStream target) {
    out = new TarArchiveOutputStream(target, StandardCharsets.UTF_8.name());
    out.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
    out.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
  }

  void add(InputStream tar) throws IOException {
    TarArchiveInputStream entries = new TarArchiveInputStream(tar, StandardCharsets.UTF_8.name());
    for (TarArchiveEntry entry = entries.getNextEntry(); entry != null; entry = entries.getNextEntry()) {
      if (!take(entry)) {
        continue;
      }
      TarArchiveEntry kept = new TarArchiveEntry(entry.getName());
      kept.setSize(entry.isDirectory() ? 0 : entry.getSize());
      kept.setMode(entry.getMode());
      kept.setModTime(entry.getLastModifiedTime());
      out.putArchiveEntry(kept);
      if (!entry.isDirectory()) {
        entries.transferTo(out);
      }
      out.closeArchiveEntry();
    }
  }

  private boolean take(TarArchiveEntry entry) {
    String path = entry.getName().replaceFirst("^(\\./)+", "").replaceFirst("/+$", "");
    for (int slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
      if (!taken.computeIfAbsent(path.substring(0, slash), folder -> true)) {
        return false;
      }
    }
    return taken.putIfAbsent(path, entry.isDirectory()) == null;
  }

  /** Ends the archive; the target stays open. */
  void finish() throws IOException {
    out.finish();
    out.flush();
  }
}
