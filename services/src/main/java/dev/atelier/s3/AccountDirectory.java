package dev.atelier.s3;

import dev.atelier.kernel.AccountId;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The accounts that access lists can name.
 *
 * @param accounts every account there is
 * @param emails the accounts of users by their e-mail address in lower case
 */
public record AccountDirectory(Supplier<List<AccountId>> accounts, Map<String, AccountId> emails) {
  /** Knows nobody. */
  public static final AccountDirectory EMPTY = new AccountDirectory(List::of, Map.of());

  public AccountDirectory {
    emails = Map.copyOf(emails);
  }

  Optional<AccountId> ofCanonicalId(String id) {
    return accounts.get().stream().filter(account -> Owners.canonicalId(account).equals(id)).findFirst();
  }

  Optional<AccountId> ofEmail(String address) {
    return Optional.ofNullable(emails.get(address.toLowerCase(Locale.ROOT)));
  }
}
