package dev.atelier.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atelier.kernel.Fault;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CrossOriginRuleTest {
  private static final long SEED = 4711;

  private static CrossOriginRule rule(String origin, String method, String... headers) {
    return new CrossOriginRule(List.of(origin), List.of(method), List.of(headers), List.of(), Optional.empty());
  }

  @ParameterizedTest
  @CsvSource({"https://a.example, https://a.example, true", "https://a.example, http://a.example, false",
      "https://a.example, https://a.example:8443, false", "https://a.example, https://A.example, false",
      "*, https://a.example, true", "*, null, true", "https://*.example, https://a.example, true",
      "https://*.example, https://a.b.example, true", "https://*.example, https://.example, true",
      "https://*.example, https://example, false", "https://a*a.example, https://a.example, false",
      "https://a*, https://a, true", "*.example, https://a.example.evil, false",
      "https://a.example, https://aXexample, false"})
  void originsMatchByOneStar(String pattern, String origin, boolean matches) {
    assertThat(rule(pattern, "GET").answer(origin, "GET", List.of()).isPresent()).isEqualTo(matches);
  }

  /** Against the regular expression that a pattern with one star means. */
  @Test
  void starsMeanAnyText() {
    Random random = new Random(SEED);
    int matched = 0;
    for (int i = 0; i < 20_000; i++) {
      String pattern = text(random, 5);
      int star = random.nextInt(pattern.length() + 1);
      String starred = random.nextInt(4) == 0 ? pattern : pattern.substring(0, star) + "*" + pattern.substring(star);
      String origin = text(random, 7);
      boolean expected = Pattern.matches(String.join(".*", Pattern.compile("\\*").splitAsStream(starred + "\0")
          .map(part -> Pattern.quote(part.replace("\0", ""))).toList()), origin);
      boolean got = rule(starred, "GET").answer(origin, "GET", List.of()).isPresent();
      assertThat(got).as("seed %d: %s of %s", SEED, starred, origin).isEqualTo(expected);
      matched += got ? 1 : 0;
    }
    assertThat(matched).isGreaterThan(500);
  }

  private static String text(Random random, int most) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(most); i >= 0; i--) {
      text.append("ab.".charAt(random.nextInt(3)));
    }
    return text.toString();
  }

  @Test
  void methodsAreSpelledAsTheyAre() {
    assertThat(rule("*", "PUT").answer("https://a", "PUT", List.of())).isPresent();
    for (String other : List.of("put", "GET", "POST", "", "PU")) {
      assertThat(rule("*", "PUT").answer("https://a", other, List.of())).as(other).isEmpty();
    }
  }

  @Test
  void everyHeaderThatIsAskedForMustBeAllowedInAnyCase() {
    CrossOriginRule rule = rule("*", "GET", "Content-*", "x-amz-date");
    assertThat(rule.answer("https://a", "GET", List.of("content-type", "X-Amz-Date")).orElseThrow())
        .containsEntry("Access-Control-Allow-Headers", "content-type, x-amz-date");
    assertThat(rule.answer("https://a", "GET", List.of("content-type", "authorization"))).isEmpty();
    assertThat(rule("*", "GET").answer("https://a", "GET", List.of("x-any"))).isEmpty();
    assertThat(rule("*", "GET").answer("https://a", "GET", List.of()).orElseThrow())
        .doesNotContainKey("Access-Control-Allow-Headers");
  }

  @Test
  void credentialsGoWithANamedOriginAlone() {
    assertThat(rule("*", "GET").answer("https://a", "GET", List.of()).orElseThrow())
        .containsEntry("Access-Control-Allow-Origin", "*").doesNotContainKey("Access-Control-Allow-Credentials");
    assertThat(rule("https://*", "GET").answer("https://a", "GET", List.of()).orElseThrow())
        .containsEntry("Access-Control-Allow-Origin", "https://a")
        .containsEntry("Access-Control-Allow-Credentials", "true");
  }

  @Test
  void theFirstRuleThatMatchesAnswers() {
    List<CrossOriginRule> rules = new ArrayList<>(List.of(rule("https://a", "PUT"),
        new CrossOriginRule(List.of("https://a"), List.of("GET"), List.of(), List.of("ETag"), Optional.of(7)),
        rule("*", "GET")));
    CrossOrigin origins = new CrossOrigin(bucket -> bucket.equals("b") ? rules : List.of());
    assertThat(origins.headers("b", "https://a", "GET")).containsEntry("Access-Control-Expose-Headers", "ETag")
        .containsEntry("Access-Control-Max-Age", "7");
    assertThat(origins.headers("b", "https://z", "GET")).containsEntry("Access-Control-Allow-Origin", "*");
    assertThat(origins.headers("b", "https://z", "DELETE")).isEmpty();
    assertThat(origins.headers("none", "https://a", "GET")).isEmpty();
    assertThat(preflight(origins, "b", "https://a", "PUT", "")).containsEntry("Access-Control-Allow-Methods", "PUT");
  }

  @Test
  void preflightsThatNoRuleAllowsAreForbidden() {
    CrossOrigin origins = new CrossOrigin(bucket -> bucket.equals("b") ? List.of(rule("https://a", "PUT")) : List.of());
    assertRefused(403, "AccessForbidden", () -> preflight(origins, "b", "https://b", "PUT", ""));
    assertRefused(403, "AccessForbidden", () -> preflight(origins, "b", "https://a", "PUT", "x-any"));
    assertRefused(403, "AccessForbidden", () -> preflight(origins, "none", "https://a", "PUT", ""));
    assertRefused(400, "BadRequest", () -> origins.preflight("b", Optional.empty(), Optional.of("PUT"), Optional.empty()));
    assertRefused(400, "BadRequest",
        () -> origins.preflight("b", Optional.of("https://a"), Optional.empty(), Optional.empty()));
  }

  private static Map<String, String> preflight(CrossOrigin origins, String bucket, String origin, String method,
      String headers) {
    return origins.preflight(bucket, Optional.of(origin), Optional.of(method), Optional.of(headers));
  }

  private static void assertRefused(int status, String code, Runnable call) {
    assertThatThrownBy(call::run).isInstanceOfSatisfying(Fault.class, fault -> {
      assertThat(fault.status()).isEqualTo(status);
      assertThat(fault.code()).isEqualTo(code);
    });
  }
}
