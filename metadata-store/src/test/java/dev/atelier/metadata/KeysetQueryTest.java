package dev.atelier.metadata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atelier.kernel.Fault;
import dev.atelier.metadata.KeysetQuery.Direction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeysetQueryTest {
  private record Item(long id, String owner, String name, String status, long created) {}

  @TempDir Path folder;
  private MetadataStore store;

  @BeforeEach
  void open() {
    store = MetadataStore.open(folder.resolve("test.db"), "db/test");
  }

  @AfterEach
  void close() {
    store.close();
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 20261121})
  void pagesConcatenateToTheFullList(long seed) {
    Random random = new Random(seed);
    List<Item> items = fill(random, 200);
    for (int round = 0; round < 60; round++) {
      Filter filter = Filter.random(random);
      List<Item> expected = filter.apply(items);
      List<Item> paged = new ArrayList<>();
      Optional<String> token = Optional.empty();
      int size = 1 + random.nextInt(30);
      do {
        Optional<String> from = token;
        Page<Item> page = store.read(handle -> filter.query().page(handle, OptionalInt.of(size), from, (row, context) ->
            new Item(row.getLong("id"), row.getString("owner"), row.getString("name"), row.getString("status"),
                row.getLong("created"))));
        assertThat(page.items()).hasSizeLessThanOrEqualTo(size);
        paged.addAll(page.items());
        token = page.nextToken();
      } while (token.isPresent());
      assertThat(paged).as("seed %d, %s, page size %d", seed, filter, size).containsExactlyElementsOf(expected);
    }
  }

  @Test
  void tokenOfAnotherQueryOrNoTokenIsRefused() {
    fill(new Random(4), 30);
    String token = page(query("a"), 1, Optional.empty()).nextToken().orElseThrow();
    assertThat(page(query("a"), 1, Optional.of(token)).items()).hasSize(1);
    List<String> bad = List.of(
        "x", "%%%", token + "A", "AAAA", "x".repeat(9000),
        Base64.getUrlEncoder().encodeToString("[\"q\",{},1]".getBytes(StandardCharsets.UTF_8)),
        Base64.getUrlEncoder().encodeToString("{}".getBytes(StandardCharsets.UTF_8)));
    bad.forEach(text -> assertThatThrownBy(() -> page(query("a"), 1, Optional.of(text)))
        .as(text).isInstanceOf(Fault.class).hasMessage("Invalid pagination token"));
    assertThatThrownBy(() -> page(query("b"), 1, Optional.of(token)))
        .isInstanceOf(Fault.class).hasMessage("Invalid pagination token");
  }

  @Test
  void boundsAndUnknownColumnsAreRefused() {
    assertThatThrownBy(() -> page(query("a"), 0, Optional.empty())).isInstanceOf(Fault.class);
    assertThatThrownBy(() -> page(query("a"), 101, Optional.empty())).isInstanceOf(Fault.class);
    assertThatThrownBy(() -> query("a").equal("created; DROP TABLE item", 1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> KeysetQuery.from("item", "id --")).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void severalTextsCanBeAskedFor() {
    List<Item> items = fill(new Random(5), 60);
    List<Long> expected = items.stream().filter(item -> item.name().contains("_") && item.status().contains("ail"))
        .map(Item::id).sorted().toList();
    KeysetQuery query = KeysetQuery.from("item", "id", "owner", "name", "status", "created")
        .contains("name", Optional.of("_")).contains("status", Optional.of("AIL"))
        .sortBy("id", "id", Direction.ASCENDING);
    assertThat(expected).isNotEmpty();
    assertThat(page(query, 100, Optional.empty()).items()).isEqualTo(expected);
  }

  private static KeysetQuery query(String owner) {
    return KeysetQuery.from("item", "id", "owner", "name", "status", "created")
        .equal("owner", owner).sortBy("created", "id", Direction.DESCENDING);
  }

  private Page<Long> page(KeysetQuery query, int size, Optional<String> token) {
    return store.read(handle ->
        query.page(handle, OptionalInt.of(size), token, (row, context) -> row.getLong("id")));
  }

  private List<Item> fill(Random random, int count) {
    List<Item> items = new ArrayList<>();
    String[] names = {"Train-", "train_x", "per%cent", "under_score", "back\\slash", "what!", "é"};
    for (int id = 0; id < count; id++) {
      items.add(new Item(id, random.nextBoolean() ? "a" : "b", names[random.nextInt(names.length)] + random.nextInt(20),
          random.nextBoolean() ? "Completed" : "Failed", random.nextInt(40)));
    }
    store.write(handle -> {
      items.forEach(item -> handle.execute("INSERT INTO item VALUES (?, ?, ?, ?, ?)",
          item.id(), item.owner(), item.name(), item.status(), item.created()));
      return true;
    });
    return items;
  }

  private record Filter(Optional<String> owner, Optional<String> name, Optional<Instant> before,
      Optional<Instant> after, String sort, Direction direction) {

    static Filter random(Random random) {
      String[] parts = {"train", "%", "_", "\\", "!", "1", "TRAIN-"};
      return new Filter(
          random.nextBoolean() ? Optional.of("a") : Optional.empty(),
          random.nextBoolean() ? Optional.of(parts[random.nextInt(parts.length)]) : Optional.empty(),
          random.nextInt(3) == 0 ? Optional.of(Instant.ofEpochMilli(random.nextInt(40))) : Optional.empty(),
          random.nextInt(3) == 0 ? Optional.of(Instant.ofEpochMilli(random.nextInt(20))) : Optional.empty(),
          random.nextBoolean() ? "created" : "name",
          random.nextBoolean() ? Direction.ASCENDING : Direction.DESCENDING);
    }

    KeysetQuery query() {
      return KeysetQuery.from("item", "id", "owner", "name", "status", "created")
          .equal("owner", owner).contains("name", name).before("created", before).after("created", after)
          .sortBy(sort, "id", direction);
    }

    List<Item> apply(List<Item> items) {
      Comparator<Item> key = sort.equals("created") ? Comparator.comparing(Item::created)
          : Comparator.comparing(Item::name);
      Comparator<Item> order = key.thenComparing(Item::id);
      Stream<Item> kept = items.stream()
          .filter(item -> owner.map(item.owner()::equals).orElse(true))
          .filter(item -> name.map(part -> lower(item.name()).contains(lower(part))).orElse(true))
          .filter(item -> before.map(limit -> item.created() < limit.toEpochMilli()).orElse(true))
          .filter(item -> after.map(limit -> item.created() > limit.toEpochMilli()).orElse(true));
      return kept.sorted(direction == Direction.ASCENDING ? order : order.reversed()).toList();
    }

    private static String lower(String text) {
      return text.toLowerCase(Locale.ROOT);
    }
  }
}
