package dev.atelier.identity.policy;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * What a policy is asked about.
 *
 * @param action such as {@code s3:GetObject}
 * @param resource the resource's ARN, or {@code *} where an action has none
 * @param keys condition keys by lower-case name; an absent key is not in the request
 * @param foldedAction the action in lower case, in which patterns are compared
 */
public record RequestContext(String action, String resource, Map<String, List<String>> keys, String foldedAction) {
  private static final Pattern LOG_GROUP = Pattern.compile("arn:[^:]+:logs:[^:]*:[^:]*:log-group:[^:]+");

  public RequestContext(String action, String resource, Map<String, List<String>> keys) {
    this(action, resource, folded(keys), action.toLowerCase(Locale.ROOT));
  }

  private static Map<String, List<String>> folded(Map<String, List<String>> keys) {
    Map<String, List<String>> lower = new HashMap<>();
    keys.forEach((key, values) -> lower.put(key.toLowerCase(Locale.ROOT), List.copyOf(values)));
    return Map.copyOf(lower);
  }

  /** The same of another resource. */
  public RequestContext of(String another) {
    return new RequestContext(action, another, keys, foldedAction);
  }

  /**
   * The ARNs that policies may write for the resource. A log group has two: {@code log-group:NAME}, and the one that
   * {@code log-group:NAME:*} matches, with the name of no stream.
   */
  List<String> resourceSpellings() {
    return resource.contains(":logs:") && LOG_GROUP.matcher(resource).matches()
        ? List.of(resource, resource + ":log-stream:") : List.of(resource);
  }

  /** The values of a condition key; empty when the request does not carry it. */
  public List<String> values(String key) {
    return keys.getOrDefault(key.toLowerCase(Locale.ROOT), List.of());
  }

  public boolean has(String key) {
    return keys.containsKey(key.toLowerCase(Locale.ROOT));
  }
}
