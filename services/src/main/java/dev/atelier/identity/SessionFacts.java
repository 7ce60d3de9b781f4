package dev.atelier.identity;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a session carries beside its rights.
 *
 * @param tags session tags by name
 * @param transitive the names of the tags that a session assumed from this one inherits
 * @param sourceIdentity who stands behind the session, or empty
 * @param issuedAt epoch seconds; 0 for long-lived keys, which are no sessions
 * @param mfa whether the user proved a second factor
 * @param provider the ARN of the identity provider, or empty
 */
public record SessionFacts(
    Map<String, String> tags, List<String> transitive, String sourceIdentity, long issuedAt, boolean mfa,
    String provider) {
  /** Those of a long-lived key. */
  public static final SessionFacts NONE = new SessionFacts(Map.of(), List.of(), "", 0, false, "");

  public SessionFacts {
    tags = tags == null ? Map.of() : Map.copyOf(tags);
    transitive = transitive == null ? List.of() : List.copyOf(transitive);
    sourceIdentity = sourceIdentity == null ? "" : sourceIdentity;
    provider = provider == null ? "" : provider;
  }

  /** A plain session. */
  static SessionFacts issued(Instant now) {
    return new SessionFacts(Map.of(), List.of(), "", now.getEpochSecond(), false, "");
  }

  /** The tags that a further session inherits. */
  Map<String, String> inherited() {
    Map<String, String> inherited = new HashMap<>(tags);
    inherited.keySet().removeIf(name -> transitive.stream().noneMatch(name::equalsIgnoreCase));
    return inherited;
  }
}
