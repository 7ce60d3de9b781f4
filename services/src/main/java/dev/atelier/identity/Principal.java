package dev.atelier.identity;

import dev.atelier.kernel.AccountId;

/** Who policies are attached to. */
record Principal(AccountId account, Kind kind, String name) {

  enum Kind {
    USER("user"),
    ROLE("role");

    private final String column;

    Kind(String column) {
      this.column = column;
    }

    /** The value of the column {@code principal_kind}. */
    String column() {
      return column;
    }
  }
}
