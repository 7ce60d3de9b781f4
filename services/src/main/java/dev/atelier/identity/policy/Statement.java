package dev.atelier.identity.policy;

import java.util.List;
import java.util.Map;

/**
 * One statement of a policy document.
 *
 * @param sid the statement's name, or its 1-based place in the document
 * @param actions patterns of Action, or of NotAction when {@code notAction}, in lower case
 * @param resources patterns of Resource, or of NotResource when {@code notResource}; empty in trust policies
 * @param principals by type ({@code AWS}, {@code Service}, {@code Federated}, {@code CanonicalUser}); {@code *} stands
 *     as {@code AWS: [*]}; empty in identity policies
 */
public record Statement(
    String sid,
    Effect effect,
    boolean notAction,
    List<String> actions,
    boolean notResource,
    List<String> resources,
    boolean notPrincipal,
    Map<String, List<String>> principals,
    List<Condition> conditions) {

  /** What a matching statement says. */
  public enum Effect { ALLOW, DENY }

  /**
   * One operator of one key, such as {@code StringEquals} of {@code aws:RequestedRegion}; several stand in
   * conjunction, their values in disjunction.
   *
   * @param key as written; keys are the same without regard to case
   */
  public record Condition(ConditionOperator operator, String key, List<String> values) {}
}
