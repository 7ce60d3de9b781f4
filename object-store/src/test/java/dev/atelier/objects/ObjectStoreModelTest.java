package dev.atelier.objects;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atelier.kernel.AccountId;
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

/** Random operations give what a sorted map gives. */
class ObjectStoreModelTest {
  private static final Comparator<String> BYTES = (a, b) -> Arrays.compareUnsigned(
      a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));
  private static final String[] SYLLABLES =
      {"a", "b", "/", "//", "..", "é", "\uffff", "😀", " ", "%2F", "\u0000", "ab/", "-"};

  @TempDir Path root;

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 42})
  void agreesWithAMap(long seed) throws IOException {
    Random random = new Random(seed);
    TreeMap<String, byte[]> model = new TreeMap<>(BYTES);
    ObjectStore store = ObjectStore.open(root, Clock.systemUTC());
    store.buckets().create("bucket", new AccountId("123456789012"), new Region("us-east-1"));
    for (int step = 0; step < 400; step++) {
      String key = key(random);
      switch (random.nextInt(8)) {
        case 0, 1, 2, 3 -> {
          byte[] content = new byte[random.nextInt(3000)];
          random.nextBytes(content);
          StoredObject stored = store.put("bucket", key, new ByteArrayInputStream(content), ObjectAttributes.NONE,
              BodyChecks.NONE, Conditions.NONE);
          model.put(key, content);
          assertThat(stored.size()).isEqualTo(content.length);
        }
        case 4 -> {
          store.delete("bucket", List.of(Deletion.of(key)));
          model.remove(key);
        }
        case 5 -> {
          if (!model.isEmpty()) {
            String source = new ArrayList<>(model.keySet()).get(random.nextInt(model.size()));
            store.copy(ObjectName.latest("bucket", source), "bucket", key, StoredObject::attributes,
                Optional.empty(), Conditions.NONE);
            model.put(key, model.get(source));
          }
        }
        case 6 -> assertThat(store.find("bucket", key).isPresent()).isEqualTo(model.containsKey(key));
        default -> assertPagesAgree(store, model, random, seed);
      }
      if (step % 150 == 149) {
        store.close();
        store = ObjectStore.open(root, Clock.systemUTC());
      }
    }
    for (var entry : model.entrySet()) {
      try (var content = store.open("bucket", entry.getKey()).stream()) {
        assertThat(content.readAllBytes()).as("seed %d, key %s", seed, entry.getKey()).isEqualTo(entry.getValue());
      }
    }
    store.close();
    try (ObjectStore again = ObjectStore.open(root, Clock.systemUTC())) {
      assertThat(again.recovery().join()).isEqualTo(new Recovery(0, List.of()));
    }
  }

  private static void assertPagesAgree(ObjectStore store, TreeMap<String, byte[]> model, Random random, long seed) {
    String prefix = random.nextInt(3) == 0 ? "" : key(random).substring(0, 1);
    String delimiter = new String[] {"", "/", "//", "a", "é"}[random.nextInt(5)];
    if (Character.isSurrogate(prefix.isEmpty() ? 'x' : prefix.charAt(0))) {
      prefix = "😀";
    }
    int most = 1 + random.nextInt(5);
    List<String> listed = new ArrayList<>();
    Optional<Listing.Start> start = Optional.of(Listing.Start.BEGINNING);
    boolean byMarker = random.nextBoolean();
    while (start.isPresent()) {
      Listing page = store.list("bucket", prefix, delimiter, start.get(), most);
      List<String> names = new ArrayList<>(page.objects().stream().map(StoredObject::key).toList());
      names.addAll(page.commonPrefixes());
      names.sort(BYTES);
      assertThat(names).hasSizeLessThanOrEqualTo(most);
      listed.addAll(names);
      start = byMarker && page.truncated()
          ? Optional.of(new Listing.Start.After(page.last().orElseThrow())) : page.next();
    }
    assertThat(listed).as("seed %d, prefix '%s', delimiter '%s', %d a page, by marker: %s", seed, prefix, delimiter,
        most, byMarker).containsExactlyElementsOf(expected(model, prefix, delimiter));
  }

  private static List<String> expected(TreeMap<String, byte[]> model, String prefix, String delimiter) {
    return model.keySet().stream().filter(key -> key.startsWith(prefix)).map(key -> {
      int at = delimiter.isEmpty() ? -1 : key.indexOf(delimiter, prefix.length());
      return at < 0 ? key : key.substring(0, at + delimiter.length());
    }).distinct().sorted(BYTES).toList();
  }

  private static String key(Random random) {
    StringBuilder key = new StringBuilder();
    int syllables = 1 + random.nextInt(4);
    for (int i = 0; i < syllables; i++) {
      key.append(SYLLABLES[random.nextInt(SYLLABLES.length)]);
    }
    return key.toString();
  }
}
