package dev.atelier.runtimes;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Makes a cached folder once: beside its place and moved there whole, so that a broken build leaves nothing and a folder
 * that is there is complete. Threads wait for one build; so do other servers that share the cache.
 */
final class BuildOnce {
  private static final Map<Path, ReentrantLock> BUILDING = new ConcurrentHashMap<>();

  private BuildOnce() {}

  /** Fills a folder that does not exist yet. */
  interface Build {
    void into(Path fresh) throws IOException;
  }

  static Path folder(Path parent, String name, Build build) throws IOException {
    Path place = parent.resolve(name);
    if (Files.isDirectory(place)) {
      return place;
    }
    ReentrantLock lock = BUILDING.computeIfAbsent(place, key -> new ReentrantLock());
    lock.lock();
    try {
      Files.createDirectories(parent);
      try (FileChannel channel = FileChannel.open(parent.resolve(name + ".lock"),
              StandardOpenOption.CREATE, StandardOpenOption.WRITE);
          FileLock held = channel.lock()) {
        if (held.isValid() && !Files.isDirectory(place)) {
          Path fresh = parent.resolve(name + ".building");
          FileTree.delete(fresh);
          try {
            build.into(fresh);
            Files.move(fresh, place, StandardCopyOption.ATOMIC_MOVE);
          } finally {
            FileTree.delete(fresh);
          }
        }
        return place;
      }
    } finally {
      lock.unlock();
    }
  }

  /** Sixteen hexadecimal digits that stand for what a folder is made of. */
  static String digest(String text) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
