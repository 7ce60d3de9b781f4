package dev.atelier.jobs;

import dev.atelier.compute.CollectionLimits;
import dev.atelier.compute.ComputeBackend;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/**
 * Makes one tar of several, each a clean one as {@link ComputeBackend#collect} gives it. The first entry of a name is
 * kept, and nothing is laid below a file or a link.
 */
final class MergedTar {
  private final TarArchiveOutputStream out;
  private final CollectionLimits limits;
  /** Paths that are in the archive or lie below a file of it, and whether each is a folder of it. */
  private final Map<Mark, Boolean> taken = new HashMap<>();

  /** @param limits the number of entries is bounded over all that is added, since all of them are remembered */
  MergedTar(OutputStream target, CollectionLimits limits) {
    this.limits = limits;
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
      boolean link = entry.isSymbolicLink();
      TarArchiveEntry kept = link ? new TarArchiveEntry(entry.getName(), TarConstants.LF_SYMLINK)
          : new TarArchiveEntry(entry.getName());
      if (link) {
        kept.setLinkName(entry.getLinkName());
      }
      kept.setSize(link || entry.isDirectory() ? 0 : entry.getSize());
      kept.setMode(entry.getMode());
      kept.setModTime(entry.getLastModifiedTime());
      out.putArchiveEntry(kept);
      if (!link && !entry.isDirectory()) {
        entries.transferTo(out);
      }
      out.closeArchiveEntry();
    }
  }

  private boolean take(TarArchiveEntry entry) {
    String name = entry.getName();
    String path = name.endsWith("/") ? name.substring(0, name.length() - 1) : name;
    Mark mark = Mark.of(path);
    if (taken.containsKey(mark)) {
      return false;
    }
    List<Mark> fresh = new ArrayList<>();
    for (int slash = path.lastIndexOf('/'); slash >= 0; slash = path.lastIndexOf('/', slash - 1)) {
      Mark folder = Mark.of(path.substring(0, slash));
      Boolean known = taken.get(folder);
      if (known != null && !known) {
        if (fits(path, 1)) {
          // remembered as a file is, so that what lies below it is refused as fast
          taken.put(mark, false);
          limits.leftOut().accept(path + ": lies below what is a file or a link on a host before");
        }
        return false;
      }
      if (known != null) {
        break;
      }
      fresh.add(folder);
    }
    if (!fits(path, fresh.size() + 1)) {
      return false;
    }
    fresh.forEach(folder -> taken.put(folder, true));
    taken.put(mark, entry.isDirectory());
    return true;
  }

  private boolean fits(String path, int marks) {
    if (taken.size() + marks <= limits.maxFiles()) {
      return true;
    }
    limits.exceeded().accept(limits.overFiles(path) + " of all hosts");
    return false;
  }

  /** A path as its digest: programs choose long names, and many of them. */
  private record Mark(long high, long low) {
    static Mark of(String path) {
      try {
        ByteBuffer digest = ByteBuffer.wrap(
            MessageDigest.getInstance("SHA-256").digest(path.getBytes(StandardCharsets.UTF_8)));
        return new Mark(digest.getLong(), digest.getLong());
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException("every Java has SHA-256", e);
      }
    }
  }

  /** Ends the archive; the target stays open. */
  void finish() throws IOException {
    out.finish();
    out.flush();
  }
}
