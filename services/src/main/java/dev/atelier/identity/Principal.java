package dev.atelier.identity;

import dev.atelier.kernel.AccountId;

/** Who policies are attached to. */
public record Principal(AccountId account, Kind kind, String name) {

  /** What a holder of policies is. */
  public enum Kind {
    USER("user"),
    GROUP("group"),
    ROLE("role");

    private final String column;

    Kind(String column) {
      this.column = column;
    }

    /** The value of the column {@code principal_kind}, and the word that messages use. */
    String column() {
      return column;
    }
  }
}
