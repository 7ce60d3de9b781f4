package dev.atelier.identity.policy;

/** What an evaluation ended with. */
public sealed interface Decision {

  /** Every policy that had to allow did; {@code by} names the statement that allowed first. */
  record Allowed(Match by) implements Decision {}

  /** A matching statement denies; no allow helps. */
  record ExplicitDeny(Match by) implements Decision {}

  /** Nothing allows; {@code kind} names the kind of policy in which an allow was missing. */
  record ImplicitDeny(PolicyKind kind) implements Decision {}

  /** The statement that decided. */
  record Match(PolicyKind kind, String policy, String sid) {}

  /** The kinds of policies that take part, in AWS's words. */
  enum PolicyKind {
    IDENTITY("identity-based policy"),
    RESOURCE("resource-based policy"),
    SESSION("session policy"),
    BOUNDARY("permissions boundary");

    private final String words;

    PolicyKind(String words) {
      this.words = words;
    }

    public String words() {
      return words;
    }
  }

  default boolean allowed() {
    return this instanceof Allowed;
  }
}
