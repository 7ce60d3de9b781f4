package dev.atelier.objects;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atelier.kernel.AccountId;
import dev.atelier.kernel.Fault;
import dev.atelier.kernel.Region;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random operations on a bucket whose versioning changes give what lists of versions in a sorted map give. */
class VersionsModelTest {
  private static final String BUCKET = "bucket";
  private static final List<String> KEYS = List.of("a", "a/1", "a/2", "a//", "b", "ü", "ü/x", "z");
  private static final Comparator<String> BYTES = (a, b) -> Arrays.compareUnsigned(
      a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));

  @TempDir Path root;
  private ObjectStore store;
  private Versioning versioning = Versioning.UNSET;
  /** Newest first; what a key gives is the first, unless that is a marker. */
  private final TreeMap<String, List<Entry>> model = new TreeMap<>(BYTES);

  private record Entry(String version, Optional<String> content) {}

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {3, 4, 5, 99})
  void agreesWithLists(long seed) throws IOException {
    Random random = new Random(seed);
    store = ObjectStore.open(root, Clock.systemUTC());
    store.buckets().create(BUCKET, new AccountId("123456789012"), new Region("us-east-1"));
    for (int step = 0; step < 500; step++) {
      String key = KEYS.get(random.nextInt(KEYS.size()));
      switch (random.nextInt(9)) {
        case 0, 1, 2 -> put(key, "content " + step);
        case 3, 4 -> delete(key);
        case 5 -> remove(key, random);
        case 6 -> assertAgrees(key);
        case 7 -> assertPagesAgree(random, seed);
        default -> {
          if (random.nextInt(5) == 0) {
            versioning = random.nextBoolean() ? Versioning.ENABLED : Versioning.SUSPENDED;
            store.buckets().setVersioning(BUCKET, versioning);
          }
        }
      }
      if (step % 200 == 199) {
        store.close();
        store = ObjectStore.open(root, Clock.systemUTC());
      }
    }
    for (String key : KEYS) {
      assertAgrees(key);
    }
    store.close();
    try (ObjectStore again = ObjectStore.open(root, Clock.systemUTC())) {
      assertThat(again.recovery().join()).as("seed %d", seed).isEqualTo(new Recovery(0, List.of()));
    }
  }

  private List<Entry> entries(String key) {
    return model.computeIfAbsent(key, none -> new ArrayList<>());
  }

  private void put(String key, String content) {
    StoredObject stored = store.put(BUCKET, key, new ByteArrayInputStream(content.getBytes(StandardCharsets.UTF_8)),
        ObjectAttributes.NONE, BodyChecks.NONE, Conditions.NONE);
    add(key, new Entry(stored.version(), Optional.of(content)));
  }

  private void delete(String key) {
    Deletion.Outcome.Done done =
        (Deletion.Outcome.Done) store.delete(BUCKET, List.of(Deletion.of(key))).getFirst();
    assertThat(done.marker()).isEqualTo(versioning != Versioning.UNSET);
    if (versioning == Versioning.UNSET) {
      entries(key).clear();
    } else {
      add(key, new Entry(done.version().orElseThrow(), Optional.empty()));
    }
  }

  private void add(String key, Entry entry) {
    assertThat(entry.version().equals("null")).isEqualTo(versioning != Versioning.ENABLED);
    List<Entry> entries = entries(key);
    entries.stream().filter(old -> !old.version().equals("null") && !entry.version().equals("null"))
        .forEach(old -> assertThat(entry.version()).isLessThan(old.version()).hasSize(32));
    entries.removeIf(old -> old.version().equals(entry.version()));
    entries.addFirst(entry);
  }

  private void remove(String key, Random random) {
    List<Entry> entries = entries(key);
    if (!entries.isEmpty()) {
      Entry gone = entries.remove(random.nextInt(entries.size()));
      assertThat(store.delete(BUCKET,
          List.of(new Deletion(key, Optional.of(gone.version()), Deletion.Expected.ANYTHING))).getFirst())
          .isEqualTo(new Deletion.Outcome.Done(gone.content().isEmpty(), Optional.of(gone.version())));
    }
  }

  private void assertAgrees(String key) throws IOException {
    List<Entry> entries = entries(key);
    Optional<Entry> first = entries.stream().findFirst();
    assertThat(read(ObjectName.latest(BUCKET, key))).isEqualTo(
        first.isEmpty() ? "NoSuchKey" : first.get().content().orElse("NoSuchKey " + first.get().version()));
    for (Entry entry : entries) {
      assertThat(read(new ObjectName(BUCKET, key, Optional.of(entry.version()))))
          .isEqualTo(entry.content().orElse("MethodNotAllowed " + entry.version()));
    }
    assertThat(read(new ObjectName(BUCKET, key, Optional.of("z".repeat(32))))).isEqualTo("NoSuchVersion");
  }

  private String read(ObjectName name) throws IOException {
    try (ObjectReader reader = store.open(name)) {
      return new String(reader.stream().readAllBytes(), StandardCharsets.UTF_8);
    } catch (Fault fault) {
      return (fault.code() + " " + fault.headers().getOrDefault("x-amz-version-id", "")).strip();
    }
  }

  private void assertPagesAgree(Random random, long seed) {
    String prefix = new String[] {"", "a", "a/", "ü", "zz"}[random.nextInt(5)];
    String delimiter = random.nextBoolean() ? "/" : "";
    int most = 1 + random.nextInt(4);
    List<String> listed = new ArrayList<>();
    Optional<VersionListing.Marker> start = Optional.of(VersionListing.Marker.BEGINNING);
    while (start.isPresent()) {
      VersionListing page = store.versions(BUCKET, prefix, delimiter, start.get(), most);
      assertThat(page.entries().size() + page.commonPrefixes().size()).isLessThanOrEqualTo(most);
      page.entries().forEach(entry -> listed.add(entry.version().key() + " " + entry.version().version()
          + (entry.latest() ? " latest" : "")));
      listed.addAll(page.commonPrefixes());
      start = page.next();
    }
    assertThat(listed).as("seed %d, prefix '%s', delimiter '%s', %d a page", seed, prefix, delimiter, most)
        .containsExactlyInAnyOrderElementsOf(expected(prefix, delimiter));
    assertThat(listed.stream().filter(line -> line.contains(" ")).toList())
        .containsExactlyElementsOf(expected(prefix, delimiter).stream().filter(line -> line.contains(" ")).toList());
    List<String> keys = store.list(BUCKET, prefix, "", Listing.Start.BEGINNING, 1000).objects().stream()
        .map(StoredObject::key).toList();
    assertThat(keys).containsExactlyElementsOf(model.entrySet().stream().filter(entry -> entry.getKey()
        .startsWith(prefix) && !entry.getValue().isEmpty() && entry.getValue().getFirst().content().isPresent())
        .map(entry -> entry.getKey()).toList());
  }

  private List<String> expected(String prefix, String delimiter) {
    List<String> lines = new ArrayList<>();
    model.forEach((key, entries) -> {
      int at = delimiter.isEmpty() ? -1 : key.indexOf(delimiter, prefix.length());
      for (int place = 0; key.startsWith(prefix) && place < entries.size(); place++) {
        String line = at >= 0 ? key.substring(0, at + 1)
            : key + " " + entries.get(place).version() + (place == 0 ? " latest" : "");
        if (!lines.contains(line)) {
          lines.add(line);
        }
      }
    });
    return lines;
  }
}
