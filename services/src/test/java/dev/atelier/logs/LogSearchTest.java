package dev.atelier.logs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atelier.kernel.AccountId;
import dev.atelier.kernel.Region;
import dev.atelier.logs.filter.FilterPattern;
import dev.atelier.metadata.MetadataStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pages of a search against the plain answer: all matching events in order of time, stream and place. */
final class LogSearchTest {
  private static final LogStore.Place PLACE =
      new LogStore.Place(new AccountId("123456789012"), new Region("us-east-1"));
  private static final int STREAMS = 4;

  @TempDir Path root;
  private MetadataStore metadata;
  private LogStore store;
  private final List<LogStore.Stream> streams = new ArrayList<>();

  @BeforeEach
  void open() throws Exception {
    metadata = MetadataStore.open(root.resolve("meta.db"), "db/meta");
    store = new LogStore(Files.createDirectory(root.resolve("logs")), metadata);
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

  private record Known(long at, long stream, int place, String text) {}

  private List<Known> fill(Random random) {
    List<Known> all = new ArrayList<>();
    int[] places = new int[STREAMS];
    for (int batch = 0; batch < 40; batch++) {
      int which = random.nextInt(STREAMS);
      List<LogEvent> events = new ArrayList<>();
      for (int i = 0; i < 1 + random.nextInt(8); i++) {
        long at = 1_000 + random.nextInt(60);
        String text = (random.nextInt(3) == 0 ? "needle " : "hay ") + batch + "/" + i;
        events.add(new LogEvent(at, 1, text));
        all.add(new Known(at, streams.get(which).id(), places[which]++, text));
      }
      store.append(streams.get(which), events);
    }
    return all;
  }

  private List<String> found(LogSearch search, LogSearch.Question question, int most) {
    List<String> texts = new ArrayList<>();
    Optional<String> token = Optional.empty();
    int pages = 0;
    do {
      LogSearch.Page page = search.page(question, most, token);
      assertThat(page.hits()).hasSizeLessThanOrEqualTo(most);
      page.hits().forEach(hit -> texts.add(hit.placed().event().message()));
      token = page.next();
      assertThat(++pages).isLessThan(2_000);
    } while (token.isPresent());
    return texts;
  }

  @Test
  void pagesOfWhateverSizeAreThePlainAnswer() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    List<Known> all = fill(random);
    for (int round = 0; round < 60; round++) {
      long from = 995 + random.nextInt(40);
      long to = from + random.nextInt(60);
      String pattern = random.nextBoolean() ? "needle" : "";
      List<String> expected = all.stream()
          .filter(each -> each.at() >= from && each.at() < to && each.text().contains(pattern))
          .sorted(Comparator.comparingLong(Known::at).thenComparingLong(Known::stream).thenComparingInt(Known::place))
          .map(Known::text).toList();
      LogSearch search = new LogSearch(store, random.nextBoolean() ? 0 : 1 + random.nextInt(2_000));
      LogSearch.Question question = new LogSearch.Question(streams, FilterPattern.parse(pattern), from, to);
      assertThat(found(search, question, 1 + random.nextInt(20))).as("seed " + seed).isEqualTo(expected);
    }
  }

  @Test
  void aPageHoldsAboutAMegabyteAndNothingIsLost() {
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      texts.add("needle " + i + "x".repeat(100_000));
      store.append(streams.get(i % STREAMS), List.of(new LogEvent(5_000 - i, 1, texts.getLast())));
    }
    LogSearch.Question question = new LogSearch.Question(streams, FilterPattern.parse("needle"), 0, 10_000);
    LogSearch.Page first = new LogSearch(store).page(question, 10_000, Optional.empty());
    assertThat(first.hits()).hasSize(10);
    assertThat(found(new LogSearch(store), question, 10_000)).isEqualTo(texts.reversed());
  }
}
