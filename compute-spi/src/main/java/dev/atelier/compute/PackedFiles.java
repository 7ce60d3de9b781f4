package dev.atelier.compute;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes very many small files as one: a file system that the kernel mounts, EROFS, so that nobody makes and deletes a
 * million files for a job that reads them. Its files belong to user 0 and may be written by all, once something that
 * takes writes is put above them. Format: https://erofs.docs.kernel.org/en/latest/core_ondisk.html
 */
public final class PackedFiles implements AutoCloseable {
  private static final int BLOCK = 4_096;
  private static final int INODE = 64;
  /** Inodes are named by where they lie, in units of so many bytes. */
  private static final int SLOT = 32;
  private static final int SUPERBLOCK_AT = 1_024;
  private static final int MAGIC = 0xE0F5E1E2;
  private static final short PLAIN = 1;
  /** With the content right after the inode, in the same block. */
  private static final short INLINE = 1 | 2 << 1;
  private static final short FILE_MODE = (short) 0100666;
  private static final short FOLDER_MODE = (short) 0040777;
  private static final byte OF_FILE = 1;
  private static final byte OF_FOLDER = 2;
  private static final int ENTRY = 12;
  /** Each is kept in memory until the image is complete. */
  private static final int MOST_FOLDERS = 100_000;

  private final FileChannel image;
  private final Map<String, Folder> folders = new HashMap<>();
  private final List<Folder> all = new ArrayList<>();
  private final ByteBuffer block = ByteBuffer.allocate(BLOCK).order(ByteOrder.LITTLE_ENDIAN);
  private long blockNumber = 1;
  private long blocks = 2;
  private int inodes;

  private PackedFiles(FileChannel image) throws IOException {
    this.image = image;
    folders.put("", new Folder(null));
  }

  /** Begins an image in a new file. */
  public static PackedFiles create(Path file) throws IOException {
    return new PackedFiles(FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE));
  }

  /** A folder: its own inode, and the names in it, one after the other. */
  private final class Folder {
    private final Folder parent;
    private final long inode;
    private byte[] names = new byte[16];
    private int[] ends = new int[4];
    private long[] inodesOf = new long[4];
    private boolean[] ofFolders = new boolean[4];
    private int count;

    Folder(Folder parent) throws IOException {
      this.parent = parent == null ? this : parent;
      this.inode = slot(INODE);
      block.position(block.position() + INODE);
      inodes++;
      all.add(this);
      add(".".getBytes(StandardCharsets.UTF_8), inode, true);
      add("..".getBytes(StandardCharsets.UTF_8), this.parent.inode, true);
    }

    void add(byte[] name, long inodeOf, boolean folder) {
      if (count == ends.length) {
        ends = Arrays.copyOf(ends, 2 * count);
        inodesOf = Arrays.copyOf(inodesOf, 2 * count);
        ofFolders = Arrays.copyOf(ofFolders, 2 * count);
      }
      int begin = begin(count);
      if (begin + name.length > names.length) {
        names = Arrays.copyOf(names, Math.max(begin + name.length, 2 * names.length));
      }
      System.arraycopy(name, 0, names, begin, name.length);
      ends[count] = begin + name.length;
      inodesOf[count] = inodeOf;
      ofFolders[count++] = folder;
    }

    private int begin(int place) {
      return place == 0 ? 0 : ends[place - 1];
    }

    private int length(int place) {
      return ends[place] - begin(place);
    }

    private int compare(int a, int b) {
      return Arrays.compareUnsigned(names, begin(a), ends[a], names, begin(b), ends[b]);
    }

    /** Writes the entries, in order of their names, and then the inode that leads to them. */
    void write() throws IOException {
      Integer[] order = new Integer[count];
      Arrays.setAll(order, place -> place);
      Arrays.sort(order, this::compare);
      for (int i = 1; i < count; i++) {
        if (compare(order[i - 1], order[i]) == 0) {
          throw new ComputeException(new String(names, begin(order[i]), length(order[i]), StandardCharsets.UTF_8)
              + " is the name of two files, or of a file and a folder");
        }
      }
      long first = blocks;
      long size = 0;
      int done = 0;
      while (done < count) {
        int fitting = fitting(order, done);
        size = (blocks - first) * BLOCK + write(order, done, fitting);
        blocks++;
        done += fitting;
      }
      int links = 0;
      for (int i = 0; i < count; i++) {
        links += ofFolders[i] ? 1 : 0;
      }
      ByteBuffer own = ByteBuffer.allocate(INODE).order(ByteOrder.LITTLE_ENDIAN);
      inode(own, inode, PLAIN, FOLDER_MODE, size, first, links, Instant.EPOCH);
      PackedFiles.this.write(own.flip(), inode * SLOT);
    }

    /** How many entries from a place on a block holds. */
    private int fitting(Integer[] order, int from) {
      int used = 0;
      int fitting = 0;
      while (from + fitting < count && used + ENTRY + length(order[from + fitting]) <= BLOCK) {
        used += ENTRY + length(order[from + fitting]);
        fitting++;
      }
      return fitting;
    }

    /** Writes one block of entries; how many of its bytes are used. */
    private int write(Integer[] order, int from, int entries) throws IOException {
      ByteBuffer out = ByteBuffer.allocate(BLOCK).order(ByteOrder.LITTLE_ENDIAN);
      int nameAt = ENTRY * entries;
      for (int i = 0; i < entries; i++) {
        int place = order[from + i];
        out.putLong(i * ENTRY, inodesOf[place]).putShort(i * ENTRY + 8, (short) nameAt)
            .put(i * ENTRY + 10, ofFolders[place] ? OF_FOLDER : OF_FILE);
        out.put(nameAt, names, begin(place), length(place));
        nameAt += length(place);
      }
      PackedFiles.this.write(out, blocks * BLOCK);
      return nameAt;
    }
  }

  /** Takes room for an inode and what follows it, all in one block; the block's position is there, its number told. */
  private long slot(int bytes) throws IOException {
    int at = (block.position() + SLOT - 1) / SLOT * SLOT;
    if (at + bytes > BLOCK) {
      flush();
      blockNumber = blocks++;
      at = 0;
    }
    block.position(at);
    return (blockNumber * BLOCK + at) / SLOT;
  }

  private void flush() throws IOException {
    write(block.position(0), blockNumber * BLOCK);
    Arrays.fill(block.array(), (byte) 0);
    block.clear();
  }

  private void write(ByteBuffer bytes, long at) throws IOException {
    long next = at;
    while (bytes.hasRemaining()) {
      next += image.write(bytes, next);
    }
  }

  private static void inode(ByteBuffer out, long number, short layout, short mode, long size, long firstBlock,
      int links, Instant modified) {
    out.putShort(layout).putShort((short) 0).putShort(mode).putShort((short) 0).putLong(size).putInt((int) firstBlock)
        .putInt((int) number).putInt(0).putInt(0).putLong(modified.getEpochSecond()).putInt(modified.getNano())
        .putInt(links).putLong(0).putLong(0);
  }

  /**
   * Adds a file; false when it would need more folders than an image may have.
   *
   * @param path its parts joined by slashes, each the name of a file or folder
   */
  public boolean add(String path, byte[] content, Instant modified) throws IOException {
    int slash = path.lastIndexOf('/');
    String in = slash < 0 ? "" : path.substring(0, slash);
    if (!folders.containsKey(in) && folders.size() + in.chars().filter(each -> each == '/').count() >= MOST_FOLDERS) {
      return false;
    }
    Folder folder = folder(in);
    boolean inline = content.length <= BLOCK - INODE;
    long inode = slot(inline ? INODE + content.length : INODE);
    inodes++;
    inode(block, inode, inline ? INLINE : PLAIN, FILE_MODE, content.length, inline ? 0 : blocks, 1, modified);
    if (inline) {
      block.put(content);
    } else {
      write(ByteBuffer.wrap(content), blocks * BLOCK);
      blocks += Math.ceilDiv(content.length, BLOCK);
    }
    folder.add(path.substring(slash + 1).getBytes(StandardCharsets.UTF_8), inode, false);
    return true;
  }

  private Folder folder(String path) throws IOException {
    Folder found = folders.get(path);
    if (found == null) {
      int slash = path.lastIndexOf('/');
      Folder parent = folder(slash < 0 ? "" : path.substring(0, slash));
      found = new Folder(parent);
      parent.add(path.substring(slash + 1).getBytes(StandardCharsets.UTF_8), found.inode, true);
      folders.put(path, found);
    }
    return found;
  }

  /** Completes the image; it is on disk when this returns. */
  public void finish() throws IOException {
    flush();
    for (Folder folder : all) {
      folder.write();
    }
    ByteBuffer superblock = ByteBuffer.allocate(BLOCK).order(ByteOrder.LITTLE_ENDIAN);
    superblock.position(SUPERBLOCK_AT);
    superblock.putInt(MAGIC).putInt(0).putInt(0).put((byte) Integer.numberOfTrailingZeros(BLOCK)).put((byte) 0)
        .putShort((short) all.getFirst().inode).putLong(inodes).putLong(0).putInt(0).putInt((int) blocks);
    write(superblock.position(0), 0);
    image.force(true);
  }

  @Override
  public void close() throws IOException {
    image.close();
  }
}
