package dev.atelier.metadata;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atelier.kernel.StorageFull;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ReserveTest {
  @TempDir Path folder;

  @Test
  void spaceIsGivenUpOnceAndFoundAgainByTheNextStart() throws IOException {
    Path file = folder.resolve("reserve");
    Reserve reserve = new Reserve(file);
    assertThat(Files.size(file)).isEqualTo(4 << 20);
    assertThat(reserve.give()).isTrue();
    assertThat(file).doesNotExist();
    assertThat(reserve.give()).isFalse();
    reserve.restore();
    assertThat(file).as("not at once: whoever needed it may still write").doesNotExist();
    new Reserve(file);
    assertThat(Files.size(file)).isEqualTo(4 << 20);
  }

  @Test
  void anythingButAFullDiskIsNoReasonToGiveIt() {
    assertThat(StorageFull.caused(new IllegalStateException("no", new IOException("No space left on device")))).isTrue();
    assertThat(StorageFull.caused(new IllegalStateException("[SQLITE_FULL] Insertion failed"))).isTrue();
    assertThat(StorageFull.caused(new IllegalStateException("a constraint failed"))).isFalse();
  }
}
