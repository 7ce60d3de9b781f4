package dev.atelier.objects;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BodyCopyTest {
  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 262_143, 262_144, 262_145, 524_288, 9_000_001, 20 << 20})
  void copiesAndDigestsEveryByteInItsOrder(int size) throws IOException {
    byte[] body = new byte[size];
    new Random(size).nextBytes(body);
    CRC32 digest = new CRC32();
    CRC32 beside = new CRC32();
    Path file = folder.resolve("copy");
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      assertThat(BodyCopy.copy(new ByteArrayInputStream(body), size, channel, channel,
          List.of(Digest.of(digest, 4), Digest.of(beside, 4)))).isEqualTo(size);
    }
    assertThat(Files.readAllBytes(file)).isEqualTo(body);
    CRC32 expected = new CRC32();
    expected.update(body);
    assertThat(digest.getValue()).isEqualTo(expected.getValue());
    assertThat(beside.getValue()).isEqualTo(expected.getValue());
  }

  /** The kernel's device that is always full stands for a disk. */
  @ParameterizedTest
  @ValueSource(ints = {10, 9_000_001})
  void tellsTheDisksFailureAsItIs(int size) throws IOException {
    try (FileChannel full = FileChannel.open(Path.of("/dev/full"), StandardOpenOption.WRITE)) {
      assertThatThrownBy(() -> BodyCopy.copy(new ByteArrayInputStream(new byte[size]), size, full, full,
          List.of()))
          .isInstanceOf(IOException.class).hasMessageContaining("No space left");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {10, 9_000_001})
  void tellsABodyThatBreaksOffFromTheDisk(int size) throws IOException {
    InputStream broken = new InputStream() {
      private int left = size;

      @Override
      public int read() throws IOException {
        if (left-- <= 0) {
          throw new IOException("gone");
        }
        return 'x';
      }
    };
    try (FileChannel channel = FileChannel.open(folder.resolve("part"), StandardOpenOption.CREATE_NEW,
        StandardOpenOption.WRITE)) {
      assertThatThrownBy(() -> BodyCopy.copy(broken, BodyChecks.ONE_REQUEST, channel, channel, List.of()))
          .isInstanceOf(UncheckedIOException.class).hasMessageContaining("the body broke off");
    }
  }
}
