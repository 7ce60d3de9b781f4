package dev.atelier.compute.local;

import dev.atelier.compute.CollectionLimits;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/**
 * Reads the tar stream of a sandbox, which may hold anything, as a tar of regular files, folders and, where they are
 * wanted, links within limits. What is left out is named; once too much of it was read past, the clean tar ends there,
 * and all that follows is said to be missing. Pulled by its reader: no thread, one buffer.
 */
final class CleanTar extends InputStream {
  static final String LINK = "a link";
  static final String NO_FILE = "not a regular file";
  private static final int CHUNK = 1 << 16;
  // Reading past a file that is left out costs time only; a file with holes can be endless.
  private static final long ALWAYS_SKIPPED = 64L << 20;
  private static final int MOST_NAME_BYTES = 4096;

  private final TarArchiveInputStream dirty;
  private final CollectionLimits limits;
  private final Ending ending;
  private final ByteArrayOutputStream ready = new ByteArrayOutputStream();
  private final TarArchiveOutputStream clean;
  private final byte[] chunk = new byte[CHUNK];
  private byte[] current = new byte[0];
  private int at;
  private long left;
  private long bytes;
  private long files;
  private long skipped;
  private boolean cut;
  private boolean finished;

  /** How much was read of what the sandbox wrote. */
  enum Extent { ALL, UP_TO_A_LIMIT, UNKNOWN }

  /** Called once when no more is read, and again on close: says whether the sandbox's side went well. */
  interface Ending {
    void check(Extent extent) throws IOException;
  }

  CleanTar(InputStream source, CollectionLimits limits, Ending ending) {
    this.dirty = new TarArchiveInputStream(source, StandardCharsets.UTF_8.name());
    this.limits = limits;
    this.ending = ending;
    this.clean = new TarArchiveOutputStream(ready, StandardCharsets.UTF_8.name());
    clean.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
    clean.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, target.length);
    while (at == current.length) {
      if (finished) {
        return -1;
      }
      advance();
      clean.flush();
      current = ready.toByteArray();
      ready.reset();
      at = 0;
    }
    int taken = Math.min(length, current.length - at);
    System.arraycopy(current, at, target, offset, taken);
    at += taken;
    return taken;
  }

  private void advance() throws IOException {
    if (left > 0) {
      int read = dirty.read(chunk, 0, (int) Math.min(chunk.length, left));
      if (read < 0) {
        throw new IOException("the folder's archive ended early");
      }
      clean.write(chunk, 0, read);
      left -= read;
      if (left == 0) {
        clean.closeArchiveEntry();
      }
      return;
    }
    TarArchiveEntry entry = cut ? null : dirty.getNextEntry();
    if (entry != null) {
      take(entry);
      return;
    }
    clean.finish();
    finished = true;
    ending.check(cut ? Extent.UP_TO_A_LIMIT : Extent.ALL);
  }

  private void take(TarArchiveEntry entry) throws IOException {
    String name = plainName(entry.getName());
    if (name.isEmpty() && entry.isDirectory()) {
      return;
    }
    String objection = objection(entry, name);
    if (!objection.isEmpty()) {
      skip(entry, limits.leftOut(), (name.isEmpty() ? entry.getName() : name) + ": " + objection);
      return;
    }
    if (files + 1 > limits.maxFiles() || entry.getSize() < 0 || bytes + entry.getSize() > limits.maxBytes()) {
      skip(entry, limits.exceeded(), files + 1 > limits.maxFiles() ? limits.overFiles(name) : limits.overBytes(name));
      return;
    }
    files++;
    long size = entry.isFile() && !entry.isSymbolicLink() ? entry.getSize() : 0;
    TarArchiveEntry kept = kept(entry, name);
    kept.setSize(size);
    bytes += size;
    clean.putArchiveEntry(kept);
    left = size;
    if (left == 0) {
      clean.closeArchiveEntry();
    }
  }

  private void skip(TarArchiveEntry entry, Consumer<String> told, String left) {
    skipped += Math.max(0, entry.getSize());
    cut = skipped > Math.max(limits.maxBytes(), ALWAYS_SKIPPED);
    if (cut) {
      limits.exceeded().accept(left + ", and all that follows it");
    } else {
      told.accept(left);
    }
  }

  private static TarArchiveEntry kept(TarArchiveEntry entry, String name) {
    TarArchiveEntry kept = entry.isSymbolicLink() ? new TarArchiveEntry(name, TarConstants.LF_SYMLINK)
        : new TarArchiveEntry(entry.isDirectory() ? name + "/" : name);
    kept.setModTime(Math.max(0, entry.getLastModifiedTime().toMillis()));
    if (entry.isSymbolicLink()) {
      kept.setLinkName(entry.getLinkName());
    } else {
      kept.setMode(entry.isDirectory() || (entry.getMode() & 0111) != 0 ? 0755 : 0644);
    }
    return kept;
  }

  private String objection(TarArchiveEntry entry, String name) {
    if (name.isEmpty() || name.getBytes(StandardCharsets.UTF_8).length > MOST_NAME_BYTES) {
      return "not a usable name";
    }
    if (entry.isSymbolicLink() && limits.links()) {
      return leadsInside(name, entry.getLinkName()) ? "" : LINK + " to " + entry.getLinkName()
          + ", which may lie outside the folder";
    }
    if (entry.isSymbolicLink() || entry.isLink()) {
      return LINK;
    }
    if (!entry.isDirectory() && (!entry.isFile() || entry.isSparse() || entry.isFIFO()
        || entry.isCharacterDevice() || entry.isBlockDevice())) {
      return NO_FILE;
    }
    return "";
  }

  /**
   * Whether a link's target lies below the folder, whatever other links lie on the way: it may go upwards at its
   * beginning only, since the parent of what a link leads to can be anywhere.
   */
  private static boolean leadsInside(String name, String target) {
    long depth = name.chars().filter(each -> each == '/').count();
    boolean down = false;
    for (String part : target.split("/")) {
      if (part.equals("..")) {
        depth--;
        if (down || depth < 0) {
          return false;
        }
      } else if (!part.isEmpty() && !part.equals(".")) {
        down = true;
      }
    }
    return !target.isEmpty() && !target.startsWith("/");
  }

  /** The name below the collected folder; empty when it is none or would leave it. */
  private static String plainName(String raw) {
    List<String> parts = new ArrayList<>();
    for (String part : raw.split("/")) {
      if (part.equals("..") || part.indexOf('\0') >= 0) {
        return "";
      }
      if (!part.isEmpty() && !part.equals(".")) {
        parts.add(part);
      }
    }
    return raw.startsWith("/") ? "" : String.join("/", parts);
  }

  @Override
  public void close() throws IOException {
    finished = true;
    dirty.close();
    ending.check(Extent.UNKNOWN);
  }
}
