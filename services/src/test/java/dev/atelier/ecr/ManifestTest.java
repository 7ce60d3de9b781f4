package dev.atelier.ecr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atelier.kernel.Fault;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is read out of manifests, and what is none. */
final class ManifestTest {
  private static final String DIGEST = "sha256:" + "a".repeat(64);
  private static final String DESCRIPTOR = "{\"mediaType\":\"m\",\"size\":7,\"digest\":\"" + DIGEST + "\"}";

  private static Manifest read(String text, String type) {
    return Manifest.read(text.getBytes(StandardCharsets.UTF_8), Optional.ofNullable(type));
  }

  @Test
  void anImageNeedsItsConfigurationAndLayersUnlessTheyAreElsewhere() {
    String foreign = "{\"mediaType\":\"m\",\"size\":9,\"digest\":\"" + DIGEST + "\",\"urls\":[\"https://example.com\"]}";
    Manifest image = read("{\"schemaVersion\":2,\"config\":" + DESCRIPTOR + ",\"layers\":[" + DESCRIPTOR + "," + foreign
        + "],\"subject\":" + DESCRIPTOR + ",\"annotations\":{\"a\":\"b\"}}", Manifest.OCI);
    assertThat(image.layers()).extracting(Manifest.Descriptor::elsewhere).containsExactly(false, false, true);
    assertThat(image.layerBytes()).isEqualTo(23);
    assertThat(image.subject()).contains(DIGEST);
    assertThat(image.artifactType()).contains("m");
    assertThat(image.annotations()).containsEntry("a", "b");
  }

  @Test
  void aListNeedsItsImages() {
    Manifest list = read("{\"schemaVersion\":2,\"mediaType\":\"" + Manifest.DOCKER_LIST + "\",\"manifests\":[" + DESCRIPTOR
        + "]}", null);
    assertThat(list.images()).extracting(Manifest.Descriptor::digest).containsExactly(DIGEST);
    assertThat(list.layers()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "[]", "null", "{", "{}", "{\"schemaVersion\":1}", "{\"schemaVersion\":2}",
    "{\"schemaVersion\":2,\"mediaType\":\"text/plain\"}",
    "{\"schemaVersion\":2,\"mediaType\":\"application/vnd.oci.image.manifest.v1+json\"}",
    "{\"schemaVersion\":2,\"mediaType\":\"application/vnd.oci.image.manifest.v1+json\",\"config\":{\"digest\":\"x\"}}",
    "{\"schemaVersion\":2,\"mediaType\":\"application/vnd.oci.image.manifest.v1+json\",\"config\":3,\"layers\":{}}",
    "{\"schemaVersion\":2,\"schemaVersion\":2}"})
  void whatIsNoManifestIsRefused(String text) {
    assertThatThrownBy(() -> read(text, null)).isInstanceOfSatisfying(Fault.class,
        fault -> assertThat(fault.code()).isEqualTo("InvalidParameterException"));
  }

  @Test
  void theTypeThatCameWithItMustBeItsOwn() {
    assertThatThrownBy(() -> read("{\"schemaVersion\":2,\"mediaType\":\"" + Manifest.OCI + "\",\"config\":" + DESCRIPTOR
        + ",\"layers\":[]}", Manifest.DOCKER)).isInstanceOf(Fault.class).hasMessageContaining(Manifest.DOCKER);
  }

  @Test
  void tagsAreFixedByTheirRuleAndItsExceptions() {
    assertThat(TagRule.MUTABLE.fixes("a")).isFalse();
    TagRule fixed = new TagRule("IMMUTABLE_WITH_EXCLUSION", List.of("dev-*", "*.rc"));
    assertThat(fixed.fixes("v1")).isTrue();
    assertThat(fixed.fixes("dev-1")).isFalse();
    assertThat(fixed.fixes("1.rc")).isFalse();
    assertThat(fixed.fixes("1xrc")).isTrue();
    assertThat(new TagRule("MUTABLE_WITH_EXCLUSION", List.of("v*")).fixes("v1")).isTrue();
  }
}
