package dev.atelier.identity.policy;

import java.util.Set;
import java.util.TreeSet;

/** The condition keys that policies ask for, in conditions and in policy variables. */
public final class ContextKeys {
  private ContextKeys() {}

  /** The keys of a whole document, in order, each once without regard to case. */
  public static Set<String> of(PolicyDocument document) {
    Set<String> keys = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    document.statements().forEach(statement -> keys.addAll(of(statement)));
    return keys;
  }

  static Set<String> of(Statement statement) {
    Set<String> keys = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    statement.resources().forEach(resource -> keys.addAll(Variables.keys(resource)));
    statement.conditions().forEach(condition -> {
      keys.add(condition.key());
      condition.values().forEach(value -> keys.addAll(Variables.keys(value)));
    });
    return keys;
  }
}
