package dev.atelier.logs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atelier.kernel.AccountId;
import dev.atelier.kernel.Region;
import dev.atelier.metadata.MetadataStore;
import dev.atelier.segments.SegmentFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogStoreTest {
  private static final LogStore.Place PLACE =
      new LogStore.Place(new AccountId("123456789012"), new Region("us-east-1"));
  private static final int OPEN = 2;
  private static final int STREAMS = 12;

  @TempDir Path root;
  private MetadataStore metadata;
  private LogStore store;
  private final List<LogStore.Stream> streams = new ArrayList<>();

  @BeforeEach
  void open() throws Exception {
    metadata = MetadataStore.open(root.resolve("meta.db"), "db/meta");
    store = new LogStore(Files.createDirectory(root.resolve("logs")), metadata, OPEN);
    store.insertGroup(PLACE, "group", Instant.EPOCH);
    for (int i = 0; i < STREAMS; i++) {
      store.insertStream(PLACE, "group", "stream-" + i, Instant.EPOCH);
      streams.add(store.stream(PLACE, "group", "stream-" + i).orElseThrow());
    }
  }

  @AfterEach
  void close() {
    store.close();
    metadata.close();
  }

  private static List<LogEvent> event(String text) {
    return List.of(new LogEvent(1, 1, text));
  }

  private List<String> messages(LogStore.Stream stream) {
    return store.with(stream, segment -> segment.read(0, 10_000, 0, Long.MAX_VALUE)).stream()
        .map(placed -> placed.event().message()).toList();
  }

  @Test
  void aSegmentThatIsClosedUnderItsReaderIsReadAllTheSame() {
    store.append(streams.getFirst(), event("first"));
    List<Segment> used = new ArrayList<>();
    List<Segment.Placed> found = store.with(streams.getFirst(), segment -> {
      used.add(segment);
      if (used.size() == 1) {
        crowdOut(segment);
      }
      return segment.read(0, 10, 0, Long.MAX_VALUE);
    });
    assertThat(found).singleElement().satisfies(placed -> assertThat(placed.event().message()).isEqualTo("first"));
    assertThat(used).hasSize(2);
    assertThat(closed(used.getFirst())).isTrue();
  }

  @Test
  void whatIsToldAgainIsThereOnce() {
    LogStore.Stream stream = streams.getFirst();
    store.appendOnce(stream, event("told"));
    store.append(stream, event("between"));
    store.appendOnce(stream, event("told"));
    store.appendOnce(stream, event("more"));
    assertThat(messages(stream)).containsExactly("told", "between", "more");
  }

  @Test
  void linesThatAreToldTogetherAreAllThere() {
    LogStore.Stream stream = streams.getFirst();
    List<LogEvent> first = Stream.of("heading", "", "line", "line", "").flatMap(each -> event(each).stream()).toList();
    store.appendOnce(stream, first);
    store.appendOnce(stream, first);
    store.appendOnce(stream, Stream.of("another", "line").flatMap(each -> event(each).stream()).toList());
    assertThat(messages(stream)).containsExactly("heading", "", "line", "line", "", "another", "line");
  }

  @Test
  void whatTheProgramPrintedToldByThePlatformIsThereTwice() {
    LogStore.Stream stream = streams.getFirst();
    store.append(stream, event("same"), 0, 5);
    store.appendOnce(stream, event("same"));
    store.append(stream, event("same"), 5, 10);
    store.appendOnce(stream, event("same"));
    assertThat(messages(stream)).containsExactly("same", "same", "same");
  }

  private static boolean closed(Segment segment) {
    try {
      segment.count();
      return false;
    } catch (SegmentFile.Closed e) {
      return true;
    }
  }

  private void crowdOut(Segment segment) {
    long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    for (int i = 1; !closed(segment); i = 1 + i % (STREAMS - 1)) {
      messages(streams.get(i));
      assertThat(System.nanoTime()).as("the segment was closed in time").isLessThan(end);
    }
  }

  @Test
  void writersAndReadersOfMoreStreamsThanAreOpenLoseNothing() throws Exception {
    int lines = 100;
    try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
      List<Future<?>> all = new ArrayList<>();
      for (LogStore.Stream stream : streams) {
        all.add(threads.submit(() -> {
          for (int i = 0; i < lines; i++) {
            store.append(stream, event("line " + i), i, i + 1);
            assertThat(messages(stream)).hasSizeGreaterThan(i);
          }
        }));
      }
      for (Future<?> each : all) {
        each.get();
      }
    }
    for (LogStore.Stream stream : streams) {
      assertThat(messages(stream)).hasSize(lines).doesNotHaveDuplicates();
    }
  }
}
