package dev.atelier.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atelier.kernel.AccountId;
import dev.atelier.kernel.Region;
import dev.atelier.metadata.MetadataStore;
import dev.atelier.metrics.SeriesKey.Dimension;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MetricStoreTest {
  private static final long NOW = 1_800_000_000L;
  private static final SeriesKey KEY = new SeriesKey(
      new SeriesKey.Place(new AccountId("123456789012"), new Region("us-east-1")), "n", "m",
      List.of(new Dimension("b", "2"), new Dimension("a", "1")));

  @TempDir Path root;
  private Path folder;
  private MetadataStore metadata;
  private MetricStore store;

  @BeforeEach
  void open() throws IOException {
    folder = Files.createDirectories(root.resolve("metrics"));
    metadata = MetadataStore.open(root.resolve("meta.db"), "db/meta");
    store = start();
  }

  @AfterEach
  void close() {
    store.close();
    metadata.close();
  }

  private MetricStore start() {
    return new MetricStore(folder, metadata, Clock.fixed(Instant.ofEpochSecond(NOW), ZoneOffset.UTC));
  }

  private static Sample sample(long second, double value) {
    return new Sample(KEY, second, "None", Distribution.of(value));
  }

  private double sum() {
    return store.catalogue().find(KEY).map(series -> store.read(series, 0, Long.MAX_VALUE)).orElse(List.of()).stream()
        .mapToDouble(point -> point.values().sum()).sum();
  }

  @Test
  void whatWasPutIsThereAfterARestartWithoutClosing() {
    store.put(List.of(sample(NOW, 1), sample(NOW, 2)));
    MetricStore first = store;
    store = start();
    assertThat(sum()).isEqualTo(3);
    first.close();
  }

  @Test
  void pointsInFilesAndInTheJournalAreOne() {
    store.put(List.of(sample(NOW - 60, 1)));
    store.write();
    store.put(List.of(sample(NOW, 2)));
    assertThat(sum()).isEqualTo(3);
    store.write();
    assertThat(sum()).isEqualTo(3);
    store.close();
    store = start();
    assertThat(sum()).isEqualTo(3);
    assertThat(store.catalogue().find(KEY).orElseThrow().lastSecond()).isEqualTo(NOW);
  }

  @Test
  void aJournalWhosePointsAreInTheirFilesCountsOnce() throws IOException {
    store.put(List.of(sample(NOW, 5)));
    Path journal = folder.resolve("journal-1");
    Path kept = Files.copy(journal, root.resolve("kept"));
    store.write();
    store.close();
    // as after a crash between the files and the deletion of the journal
    Files.copy(kept, journal);
    store = start();
    assertThat(sum()).isEqualTo(5);
    assertThat(journal).doesNotExist();
  }

  @Test
  void manyWritersLoseNothingWhileFilesAreWritten() throws Exception {
    try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
      List<Future<?>> all = new ArrayList<>();
      for (int writer = 0; writer < 8; writer++) {
        int own = writer;
        all.add(threads.submit(() -> {
          for (int i = 0; i < 50; i++) {
            store.put(List.of(sample(NOW - 60L * own, 1)));
            if (i % 20 == own) {
              store.write();
            }
          }
        }));
      }
      for (Future<?> each : all) {
        each.get();
      }
    }
    assertThat(sum()).isEqualTo(400);
    store.close();
    store = start();
    assertThat(sum()).isEqualTo(400);
  }

  @Test
  void oldPointsAreThinnedAndForgotten() {
    long old = NOW - 16 * 86_400L - (NOW - 16 * 86_400L) % 300;
    store.put(List.of(sample(old, 1), sample(old + 60, 2), sample(NOW - 456 * 86_400L, 99), sample(NOW - 7, 4)));
    store.write();
    store.thin();
    List<Point> points = store.read(store.catalogue().find(KEY).orElseThrow(), 0, Long.MAX_VALUE);
    assertThat(points).extracting(Point::second).containsExactlyInAnyOrder(old, NOW - 7);
    assertThat(sum()).isEqualTo(7);
  }

  @Test
  void dimensionsHaveNoOrder() {
    store.put(List.of(sample(NOW, 1)));
    SeriesKey same = new SeriesKey(KEY.place(), "n", "m", KEY.dimensions().reversed());
    assertThat(store.catalogue().find(same)).isPresent();
  }
}
