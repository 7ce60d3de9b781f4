package dev.atelier.identity;

import dev.atelier.kernel.Fault;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What an account demands of its users' passwords.
 *
 * @param maxAge days, 0 for passwords that do not expire
 * @param reusePrevention how many former passwords are refused, 0 for none
 * @param leastKinds how many of upper case, lower case, digits and symbols must occur whatever they are
 */
record PasswordRules(
    int minimumLength,
    boolean symbols,
    boolean numbers,
    boolean upperCase,
    boolean lowerCase,
    boolean usersMayChange,
    int maxAge,
    int reusePrevention,
    boolean hardExpiry,
    int leastKinds) {
  private static final Pattern SYMBOL = Pattern.compile("[!@#$%^&*()_+=\\[\\]{}|'-]");

  /** What holds in an account that never set a policy of its own. */
  static PasswordRules byDefault() {
    return new PasswordRules(8, false, false, false, false, false, 0, 0, false, 3);
  }

  /** @throws Fault PasswordPolicyViolation, naming the first rule that is broken */
  void check(String password) {
    require(password.length() >= minimumLength, "Password should have a minimum length of " + minimumLength);
    boolean hasSymbol = SYMBOL.matcher(password).find();
    boolean hasNumber = password.chars().anyMatch(Character::isDigit);
    boolean hasUpper = password.chars().anyMatch(Character::isUpperCase);
    boolean hasLower = password.chars().anyMatch(Character::isLowerCase);
    require(hasSymbol || !symbols, "Password should have at least one symbol");
    require(hasNumber || !numbers, "Password should have at least one number");
    require(hasUpper || !upperCase, "Password should have at least one uppercase letter");
    require(hasLower || !lowerCase, "Password should have at least one lowercase letter");
    long kinds = Stream.of(hasSymbol, hasNumber, hasUpper, hasLower).filter(has -> has).count();
    require(kinds >= leastKinds, "Password should have at least " + leastKinds
        + " of: uppercase letters, lowercase letters, numbers, symbols");
  }

  static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new Fault("PasswordPolicyViolation", 400, otherwise);
    }
  }
}
