package dev.atelier.kernel;

/** An AWS account: twelve decimal digits. */
public record AccountId(String value) {
  public AccountId {
    if (value.length() != 12 || !value.chars().allMatch(c -> c >= '0' && c <= '9')) {
      throw new IllegalArgumentException("account id is not twelve digits: " + value);
    }
  }

  @Override
  public String toString() {
    return value;
  }
}
