package dev.atelier.studio.kernels;

import dev.atelier.identity.SecretToken;
import dev.atelier.kernel.StorageFull;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How far each client of a kernel has been told what it said, in a small file of its own: written with each message, so
 * that a client of a server that was killed gets what it has not had from the next one. Nothing is flushed, since no
 * kernel outlives the machine.
 */
final class Positions {
  private static final Logger LOG = LoggerFactory.getLogger(Positions.class);

  private final Path folder;

  Positions(Path folder) {
    this.folder = folder;
  }

  private Path file(String kernel, String session) {
    return folder.resolve(kernel).resolve(SecretToken.hash(session).substring(0, 32));
  }

  /** Where a client stood; empty when it is new. */
  OptionalLong find(String kernel, String session) {
    try {
      byte[] bytes = Files.readAllBytes(file(kernel, session));
      return bytes.length == Long.BYTES ? OptionalLong.of(ByteBuffer.wrap(bytes).getLong()) : OptionalLong.empty();
    } catch (IOException isNew) {
      return OptionalLong.empty();
    }
  }

  /** The place where one client's position is written; a full disk keeps no client from going on. */
  static final class Mark implements AutoCloseable {
    private final Optional<FileChannel> channel;

    private Mark(Optional<FileChannel> channel) {
      this.channel = channel;
    }

    void set(long offset) throws IOException {
      if (channel.isEmpty()) {
        return;
      }
      try {
        channel.get().write(ByteBuffer.allocate(Long.BYTES).putLong(offset).flip(), 0);
      } catch (IOException e) {
        require(e);
      }
    }

    private static void require(IOException failure) throws IOException {
      if (!StorageFull.caused(failure)) {
        throw failure;
      }
      LOG.debug("where a client stands is not kept", failure);
    }

    @Override
    public void close() throws IOException {
      if (channel.isPresent()) {
        channel.get().close();
      }
    }
  }

  Mark mark(String kernel, String session) throws IOException {
    Path file = file(kernel, session);
    try {
      Files.createDirectories(file.getParent());
      return new Mark(Optional.of(FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)));
    } catch (IOException e) {
      Mark.require(e);
      return new Mark(Optional.empty());
    }
  }

  /** Forgets all clients of a kernel. */
  void forget(String kernel) {
    Path of = folder.resolve(kernel);
    if (!Files.isDirectory(of)) {
      return;
    }
    try (Stream<Path> files = Files.list(of)) {
      for (Path file : files.toList()) {
        Files.deleteIfExists(file);
      }
      Files.deleteIfExists(of);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
