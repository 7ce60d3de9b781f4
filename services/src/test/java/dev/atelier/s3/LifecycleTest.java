package dev.atelier.s3;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atelier.kernel.AccountId;
import dev.atelier.kernel.Region;
import dev.atelier.objects.BodyChecks;
import dev.atelier.objects.Conditions;
import dev.atelier.objects.Deletion;
import dev.atelier.objects.ObjectAttributes;
import dev.atelier.objects.ObjectStore;
import dev.atelier.objects.ObjectVersion;
import dev.atelier.objects.StoredObject;
import dev.atelier.objects.VersionListing;
import dev.atelier.objects.Versioning;
import java.io.ByteArrayInputStream;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the rules decide, and what a pass over a bucket leaves. */
class LifecycleTest {
  private static final long SEED = 20_260_101;
  private static final Instant BEGINNING = Instant.parse("2026-01-10T13:45:10Z");

  @TempDir Path root;
  private Instant time = BEGINNING;
  private final Clock clock = new Clock() {
    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }

    @Override
    public Instant instant() {
      return time;
    }
  };
  private ObjectStore store;

  @BeforeEach
  void open() {
    store = ObjectStore.open(root, clock);
    store.buckets().create("bkt", new AccountId("123456789012"), new Region("us-east-1"));
  }

  @AfterEach
  void close() {
    store.close();
  }

  private StoredObject put(String key, int size, Map<String, String> tags) {
    return store.put("bkt", key, new ByteArrayInputStream(new byte[size]), ObjectAttributes.NONE.withTags(tags),
        BodyChecks.NONE, Conditions.NONE);
  }

  private static LifecycleRules rules(String... rules) {
    return LifecycleRules.read(document(rules));
  }

  private static String document(String... rules) {
    List<String> all = new ArrayList<>();
    for (String rule : rules) {
      all.add("{\"ID\": \"r" + all.size() + "\", \"Status\": \"Enabled\", " + rule + "}");
    }
    return "{\"Rules\": [" + String.join(", ", all) + "]}";
  }

  private static Optional<Instant> expires(StoredObject object, String... rules) {
    return rules(rules).expiry(object).map(LifecycleRules.Expiry::at);
  }

  @Test
  void daysEndAtTheNextMidnight() {
    StoredObject object = put("logs/a", 1, Map.of());
    assertThat(expires(object, "\"Expiration\": {\"Days\": 1}")).contains(Instant.parse("2026-01-12T00:00:00Z"));
    assertThat(expires(object, "\"Expiration\": {\"Date\": \"2026-01-01T00:00:00Z\"}"))
        .contains(Instant.parse("2026-01-01T00:00:00Z"));
    time = Instant.parse("2026-01-10T00:00:00Z");
    assertThat(expires(put("k", 1, Map.of()), "\"Expiration\": {\"Days\": 1}"))
        .contains(Instant.parse("2026-01-12T00:00:00Z"));
  }

  @Test
  void theEarliestOfSeveralRulesIsToldAndDisabledOnesAreNot() {
    StoredObject object = put("logs/a", 1, Map.of());
    assertThat(rules("\"Expiration\": {\"Days\": 9}", "\"Expiration\": {\"Days\": 3}").expiry(object).orElseThrow()
        .header()).isEqualTo("expiry-date=\"Wed, 14 Jan 2026 00:00:00 GMT\", rule-id=\"r1\"");
    assertThat(LifecycleRules.read("{\"Rules\": [{\"ID\": \"x\", \"Status\": \"Disabled\", \"Expiration\": {\"Days\": 1}}]}")
        .expiry(object)).isEmpty();
  }

  @Test
  void filtersMustAllHold() {
    StoredObject object = put("logs/a", 100, Map.of("kind", "raw", "stage", "dev"));
    String end = "}, \"Expiration\": {\"Days\": 1}";
    for (String applies : List.of("\"Prefix\": \"logs/\"", "\"Prefix\": \"\"",
        "\"Tag\": {\"Key\": \"kind\", \"Value\": \"raw\"}", "\"ObjectSizeGreaterThan\": 99", "\"ObjectSizeLessThan\": 101",
        "\"And\": {\"Prefix\": \"logs/\", \"Tags\": [{\"Key\": \"kind\", \"Value\": \"raw\"}, "
            + "{\"Key\": \"stage\", \"Value\": \"dev\"}], \"ObjectSizeGreaterThan\": 1, \"ObjectSizeLessThan\": 1000}")) {
      assertThat(expires(object, "\"Filter\": {" + applies + end)).as(applies).isPresent();
    }
    for (String not : List.of("\"Prefix\": \"logs/b\"", "\"Prefix\": \"/logs\"",
        "\"Tag\": {\"Key\": \"kind\", \"Value\": \"RAW\"}", "\"Tag\": {\"Key\": \"other\", \"Value\": \"null\"}",
        "\"ObjectSizeGreaterThan\": 100", "\"ObjectSizeLessThan\": 100",
        "\"And\": {\"Prefix\": \"logs/\", \"Tags\": [{\"Key\": \"kind\", \"Value\": \"raw\"}, "
            + "{\"Key\": \"stage\", \"Value\": \"prod\"}]}")) {
      assertThat(expires(object, "\"Filter\": {" + not + end)).as(not).isEmpty();
    }
    assertThat(expires(object, "\"Prefix\": \"other/\", \"Expiration\": {\"Days\": 1}")).isEmpty();
  }

  @Test
  void classesOnlyGetCheaperAndSmallObjectsStay() {
    String both = "\"Transitions\": [{\"Days\": 1, \"StorageClass\": \"STANDARD_IA\"}, "
        + "{\"Days\": 2, \"StorageClass\": \"GLACIER\"}]";
    StoredObject large = put("l", 128 << 10, Map.of());
    assertThat(rules(both).transition(large, Instant.parse("2026-01-11T23:59:59Z"))).isEmpty();
    assertThat(rules(both).transition(large, Instant.parse("2026-01-12T00:00:00Z"))).contains("STANDARD_IA");
    assertThat(rules(both).transition(large, Instant.parse("2026-01-13T00:00:00Z"))).contains("GLACIER");
    assertThat(rules(both).transition(put("s", (128 << 10) - 1, Map.of()), Instant.parse("2027-01-01T00:00:00Z"))).isEmpty();
    assertThat(rules("\"Transitions\": [{\"Days\": 0, \"StorageClass\": \"STANDARD\"}]")
        .transition(large, Instant.parse("2027-01-01T00:00:00Z"))).isEmpty();
  }

  private List<ObjectVersion> left() {
    return store.versions("bkt", "", "", VersionListing.Marker.BEGINNING, 1000).entries().stream()
        .map(VersionListing.Entry::version).toList();
  }

  private void pass(String... rules) {
    store.buckets().putDocument("bkt", LifecycleRules.KIND, document(rules));
    try (LifecyclePass pass = new LifecyclePass(store, clock)) {
      pass.run();
    }
  }

  /** Random histories of one key, against the rule spelled out. */
  @Test
  void olderVersionsGoByAgeAndNumber() {
    store.buckets().setVersioning("bkt", Versioning.ENABLED);
    Random random = new Random(SEED);
    for (int round = 0; round < 40; round++) {
      time = BEGINNING;
      String key = "k" + round;
      List<ObjectVersion> history = new ArrayList<>();
      for (int i = random.nextInt(6); i >= 0; i--) {
        if (random.nextInt(4) == 0) {
          store.delete("bkt", List.of(Deletion.of(key)));
        } else {
          put(key, i, Map.of());
        }
        time = time.plus(Duration.ofHours(random.nextInt(72)));
      }
      store.versions("bkt", key, "", VersionListing.Marker.BEGINNING, 1000).entries()
          .forEach(entry -> history.add(entry.version()));
      int days = 1 + random.nextInt(4);
      int kept = random.nextInt(3);
      List<ObjectVersion> expected = new ArrayList<>();
      int newer = 0;
      for (int i = 0; i < history.size(); i++) {
        boolean object = history.get(i) instanceof StoredObject;
        boolean goes = i > 0 && newer >= kept && !history.get(i - 1).lastModified().truncatedTo(ChronoUnit.DAYS)
            .plus(Duration.ofDays(days + 1)).isAfter(time);
        if (!goes) {
          expected.add(history.get(i));
        }
        newer += i > 0 && object ? 1 : 0;
      }
      pass("\"Filter\": {\"Prefix\": \"" + key + "\"}, \"NoncurrentVersionExpiration\": {\"NoncurrentDays\": " + days
          + (kept == 0 ? "}" : ", \"NewerNoncurrentVersions\": " + kept + "}"));
      assertThat(left()).as("seed %d round %d of %s", SEED, round, history).isEqualTo(expected);
      store.delete("bkt", left().stream().map(version -> new Deletion(key, Optional.of(version.version()),
          Deletion.Expected.ANYTHING)).toList());
    }
  }

  @Test
  void anExpiredObjectLeavesAMarkerAndTheMarkerGoesLast() {
    store.buckets().setVersioning("bkt", Versioning.ENABLED);
    StoredObject object = put("k", 1, Map.of());
    String rule = "\"Filter\": {\"Prefix\": \"k\"}, \"Expiration\": {\"Days\": 1}, "
        + "\"NoncurrentVersionExpiration\": {\"NoncurrentDays\": 1}";
    time = Instant.parse("2026-01-11T23:59:59Z");
    pass(rule);
    assertThat(left()).containsExactly(object);
    time = Instant.parse("2026-01-12T00:00:00Z");
    pass(rule);
    assertThat(left()).hasSize(2).last().isEqualTo(object);
    time = Instant.parse("2026-01-14T00:00:00Z");
    pass(rule);
    assertThat(left()).hasSize(1).noneMatch(StoredObject.class::isInstance);
    pass(rule);
    assertThat(left()).isEmpty();
  }

  @Test
  void unfinishedUploadsAreAborted() {
    store.uploads().create("bkt", "k", ObjectAttributes.NONE, Optional.empty(), Optional.empty());
    store.uploads().create("bkt", "other", ObjectAttributes.NONE, Optional.empty(), Optional.empty());
    String rule = "\"Filter\": {\"Prefix\": \"k\"}, \"AbortIncompleteMultipartUpload\": {\"DaysAfterInitiation\": 2}";
    time = Instant.parse("2026-01-12T23:59:59Z");
    pass(rule);
    assertThat(store.uploads().list("bkt", "", "", "", "", 9).uploads()).hasSize(2);
    time = Instant.parse("2026-01-13T00:00:00Z");
    pass(rule);
    assertThat(store.uploads().list("bkt", "", "", "", "", 9).uploads()).extracting(upload -> upload.key())
        .containsExactly("other");
  }
}
