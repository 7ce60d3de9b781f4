package dev.atelier.entry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atelier.metadata.MetadataStore;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class EntriesTest {
  private static final Instant START = Instant.parse("2026-11-21T12:00:00Z");

  private Path folder;
  private MetadataStore store;

  @BeforeEach
  void open(@TempDir Path temporary) {
    folder = temporary;
    store = MetadataStore.open(folder.resolve("meta.db"), "db/meta");
  }

  @AfterEach
  void close() {
    store.close();
  }

  private Entries at(long seconds) {
    return new Entries(store, Clock.fixed(START.plusSeconds(seconds), ZoneOffset.UTC));
  }

  private String url() {
    return at(0).presign(new Entries.Target("app-1", "arn:app", "/lab", Optional.of("ann")), Duration.ofSeconds(300), Duration.ofHours(1));
  }

  @Test
  void aUrlIsGoodOnceAndForItsAppAlone() {
    String url = url();
    assertThat(at(1).redeem("app-2", url)).isEmpty();
    Entries.Session session = at(299).redeem("app-1", url).orElseThrow();
    assertThat(session.target().landing()).isEqualTo("/lab");
    assertThat(session.life()).isEqualTo(Duration.ofHours(1));
    assertThat(at(299).redeem("app-1", url)).isEmpty();
    assertThat(at(300).target("app-1", session.token())).contains(session.target());
    assertThat(session.target().person()).contains("ann");
    assertThat(at(300).target("app-2", session.token())).isEmpty();
    assertThat(at(300).target("app-1", url)).isEmpty();
    assertThat(at(299 + 3600).target("app-1", session.token())).isEmpty();
    assertThat(at(1).redeem("app-1", session.token())).isEmpty();
  }

  @Test
  void aUrlEnds() {
    assertThat(at(300).redeem("app-1", url())).isEmpty();
  }

  @Test
  void sessionsOutliveARestart() {
    String token = at(1).redeem("app-1", url()).orElseThrow().token();
    store.close();
    store = MetadataStore.open(folder.resolve("meta.db"), "db/meta");
    assertThat(at(2).target("app-1", token).map(Entries.Target::program)).contains("arn:app");
  }

  @Test
  void ofManyAtOnceOneGetsIn() throws Exception {
    String url = url();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Optional<Entries.Session>>> tries = IntStream.range(0, 20)
          .mapToObj(i -> threads.submit(() -> at(1).redeem("app-1", url))).toList();
      int in = 0;
      for (Future<Optional<Entries.Session>> each : tries) {
        in += each.get().isPresent() ? 1 : 0;
      }
      assertThat(in).isEqualTo(1);
    }
  }

  @Test
  void whoCouldEnterWhatIsGoneCannotEnterItsSuccessor() {
    String url = at(0).presign(new Entries.Target("app-3", "arn:app/d-1/ann/jupyterlab/default", "/lab", Optional.empty()),
        Duration.ofSeconds(300), Duration.ofHours(1));
    String other = url();
    String token = at(1).redeem("app-1", other).orElseThrow().token();
    forgetAll("arn:app/d-1/an/");
    forgetAll("arn:app/d-1/%/");
    String session = at(1).redeem("app-3", url).orElseThrow().token();
    forgetAll("arn:app/d-1/ann/");
    assertThat(at(2).target("app-3", session)).isEmpty();
    assertThat(at(2).target("app-1", token)).isPresent();
  }

  private void forgetAll(String beginning) {
    store.write(tx -> {
      Entries.forgetAll(tx, beginning);
      return true;
    });
  }

  @Test
  void noSecretIsStored() {
    String url = url();
    String token = at(1).redeem("app-1", url()).orElseThrow().token();
    List<String> stored = store.read(tx -> tx.createQuery("select hash || label || app || landing from studio_entry")
        .mapTo(String.class).list());
    assertThat(stored).hasSize(2).noneMatch(row -> row.contains(url) || row.contains(token));
  }
}
