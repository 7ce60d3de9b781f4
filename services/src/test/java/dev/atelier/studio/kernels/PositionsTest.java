package dev.atelier.studio.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PositionsTest {
  @TempDir Path folder;

  @Test
  void eachClientStandsWhereItStood() throws Exception {
    Positions positions = new Positions(folder);
    assertThat(positions.find("k", "one")).isEmpty();
    try (Positions.Mark mark = positions.mark("k", "one"); Positions.Mark other = positions.mark("k", "../../x")) {
      mark.set(1L << 40);
      mark.set(7);
      other.set(9);
    }
    Positions again = new Positions(folder);
    assertThat(again.find("k", "one")).hasValue(7);
    assertThat(again.find("k", "../../x")).hasValue(9);
    assertThat(again.find("l", "one")).isEmpty();
    again.forget("k");
    assertThat(again.find("k", "one")).isEmpty();
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void aFullDiskKeepsNoClientWaiting() throws Exception {
    Path full = Path.of("/dev/full");
    assumeTrue(Files.isWritable(full), "there is no device that is always full");
    Positions positions = new Positions(folder);
    positions.mark("k", "one").close();
    Path file = folder.resolve("k").resolve(folder.resolve("k").toFile().list()[0]);
    Files.delete(file);
    Files.createSymbolicLink(file, full);
    try (Positions.Mark mark = positions.mark("k", "one"); FileChannel device = FileChannel.open(full,
        StandardOpenOption.WRITE)) {
      assertThatThrownBy(() -> device.write(ByteBuffer.allocate(1))).hasMessageContaining("No space left");
      mark.set(7);
    }
    Files.delete(file);
  }
}
