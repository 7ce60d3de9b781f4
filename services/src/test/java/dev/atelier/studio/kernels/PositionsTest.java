package dev.atelier.studio.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
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
}
