package dev.atelier.metadata;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Space kept for the hour when the disk is full: the ends of jobs and deletions, which make room, need some to be
 * written down. Given up once, and taken again when there is room.
 */
final class Reserve {
  private static final Logger LOG = LoggerFactory.getLogger(Reserve.class);
  private static final int BYTES = 4 << 20;
  private static final long TAKE_AGAIN_NANOS = Duration.ofSeconds(10).toNanos();

  private final Path file;
  private volatile boolean held;
  private volatile long givenAt;

  Reserve(Path file) {
    this.file = file;
    take();
  }

  /** Gives the space up; false when it was given up before. */
  synchronized boolean give() {
    if (!held) {
      return false;
    }
    held = false;
    givenAt = System.nanoTime();
    try {
      LOG.warn("the disk is full: {} is given up to write on", file.getFileName());
      return Files.deleteIfExists(file);
    } catch (IOException e) {
      LOG.warn("the reserve cannot be given up", e);
      return false;
    }
  }

  /** Takes the space again some time after it was given up; called after every write. */
  void restore() {
    if (!held && System.nanoTime() - givenAt > TAKE_AGAIN_NANOS) {
      take();
    }
  }

  private synchronized void take() {
    if (held) {
      return;
    }
    givenAt = System.nanoTime();
    try {
      if (Files.exists(file) && Files.size(file) == BYTES) {
        held = true;
        return;
      }
      Files.deleteIfExists(file);
      try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
        ByteBuffer zeros = ByteBuffer.allocate(BYTES);
        while (zeros.hasRemaining()) {
          channel.write(zeros);
        }
      }
      held = true;
    } catch (IOException e) {
      LOG.warn("no space can be kept in reserve: {}", e.getMessage());
      try {
        Files.deleteIfExists(file);
      } catch (IOException left) {
        LOG.warn("a part of the reserve is left", left);
      }
    }
  }
}
