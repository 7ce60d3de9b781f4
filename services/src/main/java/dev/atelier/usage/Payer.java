package dev.atelier.usage;

/**
 * Who something runs for.
 *
 * @param domain the id of the domain; empty for what was asked for outside of Studio
 * @param owner the profile's name in the domain, empty for nobody in particular; without a domain a principal's ARN
 */
public record Payer(String domain, String owner) {
  /** Nobody that is known. */
  public static final Payer UNKNOWN = new Payer("", "");

  boolean inDomain() {
    return !domain.isEmpty();
  }
}
