package dev.atelier.server.registry;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which paths mean what: names may hold the protocol's own words. */
final class RegistryPathTest {
  private static RegistryPath path(String path) {
    return RegistryPath.of(path).orElseThrow();
  }

  @Test
  void namesEndWhereTheLastWordOfTheProtocolBegins() {
    assertThat(path("/v2/")).isEqualTo(new RegistryPath.Base());
    assertThat(path("/v2/a/manifests/latest")).isEqualTo(new RegistryPath.Manifest("a", "latest"));
    assertThat(path("/v2/a/manifests/tags/list")).isEqualTo(new RegistryPath.Tags("a/manifests"));
    assertThat(path("/v2/a/b/blobs/uploads/")).isEqualTo(new RegistryPath.Uploads("a/b"));
    assertThat(path("/v2/a/blobs/uploads/x")).isEqualTo(new RegistryPath.Upload("a", "x"));
    assertThat(path("/v2/a/blobs/sha256:0")).isEqualTo(new RegistryPath.Blob("a", "sha256:0"));
    assertThat(path("/v2/a/referrers/sha256:0")).isEqualTo(new RegistryPath.Referrers("a", "sha256:0"));
    assertThat(path("/v2/_layers/x")).isEqualTo(new RegistryPath.Download("x"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"/v2/a", "/v2/a/manifests", "/v2/a/manifests/", "/v2/a/tags/all", "/v2/a/blobs/", "/v2/manifests/x"})
  void otherPathsMeanNothing(String path) {
    assertThat(RegistryPath.of(path)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "A", "a//b", "/a", "a/", "..", "a/../b", "a%2fb", "-a", "a_"})
  void namesHaveEcrsForm(String name) {
    assertThat(RegistryPath.isName(name)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "team/model", "a.b_c__d-e---f/0"})
  void goodNamesPass(String name) {
    assertThat(RegistryPath.isName(name)).isTrue();
  }
}
