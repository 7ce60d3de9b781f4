package dev.atelier.logs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atelier.kernel.AccountId;
import dev.atelier.kernel.Fault;
import dev.atelier.kernel.Region;
import dev.atelier.logs.insights.Query;
import dev.atelier.metadata.MetadataStore;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LogQueriesTest {
  private static final LogStore.Place PLACE =
      new LogStore.Place(new AccountId("123456789012"), new Region("us-east-1"));
  private static final int LINES = 60_000;

  @TempDir Path root;
  private MetadataStore metadata;
  private LogStore store;
  private LogQueries queries;
  private long written;

  @BeforeEach
  void open() throws Exception {
    metadata = MetadataStore.open(root.resolve("meta.db"), "db/meta");
    store = new LogStore(Files.createDirectory(root.resolve("logs")), metadata);
    queries = new LogQueries(store, Clock.systemUTC());
    store.insertGroup(PLACE, "group", Instant.EPOCH);
    store.insertStream(PLACE, "group", "s", Instant.EPOCH);
    LogStore.Stream stream = store.stream(PLACE, "group", "s").orElseThrow();
    for (int batch = 0; batch < LINES / 1_000; batch++) {
      List<LogEvent> events = new ArrayList<>();
      for (int i = 0; i < 1_000; i++) {
        int number = batch * 1_000 + i;
        String message = "line=" + number + (number % 7_000 == 0 ? " needle " : " hay ") + "é" + "x".repeat(1_500);
        events.add(new LogEvent(number, number, message));
        written += message.getBytes(StandardCharsets.UTF_8).length;
      }
      store.append(stream, events);
    }
  }

  @AfterEach
  void close() {
    queries.close();
    store.close();
    metadata.close();
  }

  private LogQueries.Progress ended(LogQueries.Run run) {
    long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (run.progress().isGoing()) {
      assertThat(System.nanoTime()).as("the query ended in time").isLessThan(end);
      LockSupport.parkNanos(1_000_000);
    }
    return run.progress();
  }

  private LogQueries.Run start(String text) {
    return queries.start(new LogQueries.Question(PLACE, List.of("group"), text, 0, LINES, 10_000), Query.parse(text));
  }

  private List<String> lines(String text) {
    return ended(start("parse @message 'line=* ' as line | " + text + " | display line")).rows().stream()
        .map(row -> row.get("line")).toList();
  }

  @Test
  void theFirstOfSortedRowsAreKeptAndNotAll() {
    // 60,000 lines of 1.5 kB are more than a query may keep
    assertThat(lines("sort @timestamp asc | limit 3")).containsExactly("0", "1", "2");
    assertThat(lines("limit 2")).containsExactly("59999", "59998");
    assertThat(lines("sort line desc | limit 1")).containsExactly("59999");
    assertThat(ended(start("dedup @message")).status()).isEqualTo("Failed");
  }

  @Test
  void whatAFilterCannotMatchCountsAsScanned() {
    LogQueries.Progress progress = ended(start("filter @message like 'needle' | stats count(*) as n"));
    assertThat(progress.rows()).singleElement().satisfies(row -> assertThat(row).containsEntry("n", "9"));
    assertThat(progress.scanned()).isEqualTo(LINES);
    assertThat(progress.matched()).isEqualTo(9);
    // passed over or read, an event counts with its message's bytes
    assertThat(progress.bytes()).isEqualTo(ended(start("stats count(*) as n")).bytes()).isEqualTo(written);
    assertThat(lines("filter @message like /needle/ and @timestamp > '1970-01-01 00:00:30.000'"))
        .containsExactly("56000", "49000", "42000", "35000");
  }

  @Test
  void percentilesOfManyAreNearTheTruthAndOfFewExact() {
    String text = "parse @message 'line=* ' as line | filter line %s | stats pct(line, 90) as p, count_distinct(line) as d";
    assertThat(ended(start(text.formatted("<= 1000"))).rows().getFirst()).containsEntry("p", "900")
        .containsEntry("d", "1001");
    double many = Double.parseDouble(ended(start(text.formatted(">= 0"))).rows().getFirst().get("p"));
    assertThat(many / LINES).isBetween(0.89, 0.91);
  }

  /** Groups whose first one cannot be had. */
  private static List<String> failing(Supplier<Error> error) {
    return new AbstractList<>() {
      @Override
      public String get(int index) {
        throw error.get();
      }

      @Override
      public int size() {
        return 1;
      }
    };
  }

  @Test
  void whatEndsWithAnErrorHasFailedAndMakesRoom() {
    for (int i = 0; i < 40; i++) {
      List<String> groups = failing(i % 2 == 0 ? StackOverflowError::new : LinkageError::new);
      LogQueries.Question question = new LogQueries.Question(PLACE, groups, "", 0, LINES, 10_000);
      LogQueries.Run run = queries.start(question, Query.parse(""));
      assertThat(ended(run).status()).isEqualTo("Failed");
    }
    assertThat(lines("limit 1")).containsExactly("59999");
  }

  @Test
  void theWeightOfAResultStaysANumberThatIsNoNegative() {
    LogQueries.Run run = new LogQueries.Run(new LogQueries.Question(PLACE, List.of(), "", 0, 1, 1), 0, "Running");
    Map<String, String> row = Map.of("m", "x".repeat(256 << 10));
    run.become(new LogQueries.Progress("Complete", Collections.nCopies(10_000, row), 0, 0, 0));
    assertThat(run.weight()).isEqualTo(Integer.MAX_VALUE);
  }

  @Test
  void moreThanThirtyAtOnceAreRefused() {
    List<LogQueries.Run> runs = new ArrayList<>();
    assertThatThrownBy(() -> {
      for (int i = 0; i < 200; i++) {
        runs.add(start("stats count(*) by @message"));
      }
    }).isInstanceOfSatisfying(Fault.class, fault -> assertThat(fault.code()).isEqualTo("LimitExceededException"));
    assertThat(runs).hasSizeGreaterThanOrEqualTo(30);
    runs.forEach(queries::stop);
    assertThat(ended(runs.getLast()).status()).isEqualTo("Cancelled");
  }
}
