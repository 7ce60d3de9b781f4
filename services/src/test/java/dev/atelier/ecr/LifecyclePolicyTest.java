package dev.atelier.ecr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atelier.kernel.Fault;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The rules of AWS's page on lifecycle policies, on images that are only records. */
final class LifecyclePolicyTest {
  private static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");

  private static Image image(int daysOld, String... tags) {
    return new Image("sha256:" + daysOld + String.join("", tags), Manifest.OCI, Optional.empty(), Optional.empty(), 1,
        NOW.minus(Duration.ofDays(daysOld)).minusSeconds(1), Optional.empty(), List.of(tags));
  }

  private static String rule(int priority, String selection) {
    return "{\"rulePriority\":" + priority + ",\"selection\":{" + selection + "},\"action\":{\"type\":\"expire\"}}";
  }

  private static List<String> expiring(List<Image> images, String... rules) {
    List<Image> newestFirst = images.stream().sorted(Comparator.comparing(Image::pushed).reversed()).toList();
    return LifecyclePolicy.read("{\"rules\":[" + String.join(",", rules) + "]}").expiring(newestFirst, NOW).keySet().stream()
        .map(Image::digest).sorted().toList();
  }

  @Test
  void theNewestOfACountStay() {
    assertThat(expiring(List.of(image(3, "a"), image(2, "b"), image(1)),
        rule(1, "\"tagStatus\":\"any\",\"countType\":\"imageCountMoreThan\",\"countNumber\":1")))
        .containsExactly("sha256:2b", "sha256:3a");
  }

  @Test
  void imagesOlderThanSoManyDaysGo() {
    String days = "\"countType\":\"sinceImagePushed\",\"countUnit\":\"days\",\"countNumber\":2";
    assertThat(expiring(List.of(image(1), image(2), image(3, "kept")), rule(1, "\"tagStatus\":\"untagged\"," + days)))
        .containsExactly("sha256:2");
  }

  @Test
  void anImageThatARuleAsksForIsLeftAloneByLaterRules() {
    assertThat(expiring(List.of(image(3, "prod-1"), image(2, "prod-2"), image(9, "dev")),
        rule(1, "\"tagStatus\":\"tagged\",\"tagPrefixList\":[\"prod\"],\"countType\":\"imageCountMoreThan\",\"countNumber\":1"),
        rule(2, "\"tagStatus\":\"any\",\"countType\":\"imageCountMoreThan\",\"countNumber\":1")))
        .containsExactly("sha256:3prod-1", "sha256:9dev");
  }

  @Test
  void everyPatternOfARuleMustFitSomeTag() {
    String both = "\"tagStatus\":\"tagged\",\"tagPatternList\":[\"*prod*\",\"web*\"],"
        + "\"countType\":\"imageCountMoreThan\",\"countNumber\":1";
    assertThat(expiring(List.of(image(1, "web-prod"), image(2, "a-prod-b", "web"), image(3, "prod")), rule(1, both)))
        .containsExactly("sha256:2a-prod-bweb");
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void noMoreGoThanTheLargestRuleSays(long seed) {
    Random random = new Random(seed);
    List<Image> images = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      images.add(random.nextBoolean() ? image(i, "t" + i) : image(i));
    }
    int keep = 1 + random.nextInt(30);
    List<String> gone = expiring(images,
        rule(1, "\"tagStatus\":\"any\",\"countType\":\"imageCountMoreThan\",\"countNumber\":" + keep));
    assertThat(gone).as("seed " + seed).hasSize(Math.max(0, 40 - keep));
    assertThat(gone).as("seed " + seed).allMatch(digest -> images.stream()
        .filter(image -> !gone.contains(image.digest())).allMatch(kept -> images.stream()
            .filter(image -> image.digest().equals(digest)).allMatch(old -> old.pushed().isBefore(kept.pushed()))));
  }

  @Test
  void whatIsNoPolicyIsRefused() {
    Map<String, String> bad = Map.of(
        "not valid JSON", "{",
        "1 to 50 rules", "{\"rules\":[]}",
        "one rulePriority", "{\"rules\":[" + rule(1, counting("any")) + "," + rule(1, counting("untagged")) + "]}",
        "highest rulePriority", "{\"rules\":[" + rule(1, counting("any")) + "," + rule(2, counting("untagged")) + "]}",
        "is needed with tagStatus tagged", "{\"rules\":[" + rule(1, counting("tagged")) + "]}",
        "countUnit must be days", "{\"rules\":[" + rule(1, counting("any") + ",\"countUnit\":\"days\"") + "]}",
        "unknown member", "{\"rules\":[" + rule(1, counting("any") + ",\"more\":1") + "]}");
    bad.forEach((reason, text) -> assertThatThrownBy(() -> LifecyclePolicy.read(text))
        .isInstanceOfSatisfying(Fault.class, fault -> {
          assertThat(fault.code()).isEqualTo("InvalidParameterException");
          assertThat(fault).hasMessageContaining(reason);
        }));
  }

  private static String counting(String status) {
    return "\"tagStatus\":\"" + status + "\",\"countType\":\"imageCountMoreThan\",\"countNumber\":1";
  }
}
