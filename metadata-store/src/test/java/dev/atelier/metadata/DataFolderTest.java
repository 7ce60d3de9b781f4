package dev.atelier.metadata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataFolderTest {
  @TempDir Path parent;

  @Test
  void freshFolderIsPrivateAndAnnouncesItsServer() throws IOException {
    Path root = parent.resolve("data");
    try (DataFolder folder = DataFolder.open(root)) {
      assertThat(Files.readString(root.resolve("FORMAT"))).isEqualTo(DataFolder.FORMAT + "\n");
      for (Path path : List.of(root, folder.logs(), folder.run(), folder.keys(), root.resolve("objects"))) {
        assertThat(mode(path)).as(path.toString()).isEqualTo("rwx------");
      }
      assertThat(DataFolder.server(root)).isEmpty();
      folder.announce(URI.create("http://127.0.0.1:9000"), "1");
      assertThat(DataFolder.server(root)).contains(
          new DataFolder.Server(ProcessHandle.current().pid(), URI.create("http://127.0.0.1:9000"), "1"));
      assertThat(mode(root.resolve("run/server.json"))).isEqualTo("rw-------");
    }
    assertThat(DataFolder.server(root)).isEmpty();
  }

  @Test
  void aKilledServersAnnouncementGoesWithTheNextStart() throws IOException {
    Path place = parent.resolve("data");
    byte[] left;
    try (DataFolder folder = DataFolder.open(place)) {
      folder.announce(URI.create("http://127.0.0.1:9000"), "1");
      left = Files.readAllBytes(place.resolve("run/server.json"));
    }
    Files.write(place.resolve("run/server.json"), left);
    try (DataFolder folder = DataFolder.open(place)) {
      assertThat(DataFolder.server(folder.root())).isEmpty();
    }
  }

  @Test
  void secondServerIsRefusedUntilTheFirstEnds() {
    try (DataFolder folder = DataFolder.open(parent)) {
      assertThatThrownBy(() -> DataFolder.open(parent)).isInstanceOf(DataFolderException.class)
          .hasMessageContaining("in use by the server with process id " + ProcessHandle.current().pid());
      assertThat(folder.root()).exists();
    }
    DataFolder.open(parent).close();
  }

  @Test
  void newerFormatIsRefusedAndLeftAsItIs() throws IOException {
    DataFolder.open(parent).close();
    Files.writeString(parent.resolve("FORMAT"), "7\n");
    assertThatThrownBy(() -> DataFolder.open(parent)).isInstanceOf(DataFolderException.class)
        .hasMessageContaining("has format 7, written by a newer version");
    assertThat(Files.readString(parent.resolve("FORMAT"))).isEqualTo("7\n");
    Files.writeString(parent.resolve("FORMAT"), "1\n");
    DataFolder.open(parent).close();
  }

  @Test
  void olderFormatIsMigratedAfterABackup() throws IOException {
    try (DataFolder folder = DataFolder.open(parent);
        MetadataStore store = MetadataStore.open(folder.metaDatabase(), "db/test")) {
      store.write(handle -> handle.execute("INSERT INTO item VALUES (1, 'o', 'n', 's', 0)"));
    }
    List<String> ran = new ArrayList<>();
    TreeMap<Integer, DataFolder.Step> steps = new TreeMap<>(Map.of(
        1, root -> ran.add("to 1"),
        2, root -> ran.add("to 2"),
        3, root -> {
          ran.add("to 3");
          if (ran.size() == 2) {
            throw new IOException("power cut");
          }
        }));
    assertThatThrownBy(() -> DataFolder.open(parent, 3, steps)).hasRootCauseMessage("power cut");
    assertThat(Files.readString(parent.resolve("FORMAT"))).isEqualTo("2\n");
    DataFolder.open(parent, 3, steps).close();
    assertThat(ran).containsExactly("to 2", "to 3", "to 3");
    assertThat(Files.readString(parent.resolve("FORMAT"))).isEqualTo("3\n");
    Path backup;
    try (Stream<Path> backups = Files.list(parent.resolve("backups"))) {
      backup = backups.filter(path -> path.getFileName().toString().startsWith("format-1-")).findFirst().orElseThrow();
    }
    try (MetadataStore copy = MetadataStore.open(backup.resolve("meta.db"), "db/test")) {
      long rows = copy.read(handle -> handle.createQuery("SELECT count(*) FROM item").mapTo(Long.class).one());
      assertThat(rows).isEqualTo(1);
    }
  }

  private static String mode(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }
}
