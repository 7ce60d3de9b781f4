package dev.atelier.objects;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.flywaydb.core.Flyway;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Folders of earlier versions open with what they hold. */
class MigrationTest {
  private static final String FILE = "0123456789abcdef0123456789abcdef";
  private static final String DETAILS =
      "{\"headers\":{},\"metadata\":{\"a\":\"1\"},\"tags\":{},\"storageClass\":\"STANDARD\",\"bucketKey\":false,\"parts\":[]}";

  @TempDir Path root;

  @Test
  void objectsFromBeforeVersionsBecomeNullVersions() throws Exception {
    String url = "jdbc:sqlite:" + root.resolve("objects.db");
    Flyway.configure().dataSource(url, null, null).locations("classpath:db/objects").target("1").load().migrate();
    try (Handle handle = Jdbi.create(url).open()) {
      handle.execute("INSERT INTO bucket VALUES ('old', '123456789012', 'us-east-1', 1)");
      handle.execute("INSERT INTO object VALUES ('old', ?, 'null', ?, 4, 'etag', 5000, ?)",
          "kéy".getBytes(StandardCharsets.UTF_8), FILE, DETAILS);
    }
    Path content = root.resolve("objects/01/2/" + FILE);
    Files.createDirectories(content.getParent());
    Files.writeString(content, "kept");
    try (ObjectStore store = ObjectStore.open(root, Clock.systemUTC())) {
      assertThat(store.recovery().join()).isEqualTo(new Recovery(0, List.of()));
      assertThat(store.buckets().require("old").versioning()).isEqualTo(Versioning.UNSET);
      StoredObject object = store.require("old", "kéy");
      assertThat(object.lastModified()).isEqualTo(Instant.ofEpochMilli(5000));
      assertThat(object.attributes().metadata()).containsEntry("a", "1");
      store.buckets().setVersioning("old", Versioning.ENABLED);
      store.delete("old", List.of(Deletion.of("kéy")));
      assertThat(store.find("old", "kéy")).isEmpty();
      try (ObjectReader reader = store.open(new ObjectName("old", "kéy", Optional.of("null")))) {
        assertThat(reader.stream()).hasContent("kept");
      }
    }
  }
}
