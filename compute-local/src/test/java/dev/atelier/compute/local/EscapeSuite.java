package dev.atelier.compute.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atelier.compute.NetworkPolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** No program leaves its sandbox, and the checks that say so can find a hole. */
@Tag("escape")
final class EscapeSuite {
  private Path folder;

  @BeforeEach
  void make() throws IOException {
    folder = Files.createTempDirectory(Path.of("/var/tmp"), "escape");
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  @AfterEach
  void delete() {
    Deletion.delete(folder);
  }

  private Bench bench(List<String> holes) {
    return new Bench(LocalComputeConfig.of(folder.resolve("run")), new EchoDoor(), holes);
  }

  @ParameterizedTest
  @EnumSource(NetworkPolicy.class)
  void noWayOutIsOpen(NetworkPolicy network) throws IOException {
    try (Escapes escapes = new Escapes(folder); Bench bench = bench(List.of())) {
      assertThat(escapes.open(bench, network)).isEmpty();
    }
  }

  @Test
  void aPlantedHoleIsFound() throws IOException {
    try (Escapes escapes = new Escapes(folder)) {
      String secret = escapes.secret().toString();
      try (Bench bench = bench(List.of("--ro-bind", secret, secret))) {
        assertThat(escapes.open(bench, NetworkPolicy.PLATFORM)).anyMatch(line -> line.contains("reads " + secret));
      }
    }
  }

  @Test
  void aFolderSwappedUnderTheCollectionGivesNothingOfTheMachine() throws IOException {
    try (Escapes escapes = new Escapes(folder); Bench bench = bench(List.of())) {
      assertThat(escapes.collectedWhileSwapped(bench)).isSubsetOf("d/", "d/own", "x/", "x/own", "l/", "l/own");
    }
  }
}
