package dev.atelier.s3;

import dev.atelier.identity.policy.PolicyDocument;
import dev.atelier.identity.policy.Statement;
import dev.atelier.kernel.AccountId;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Whom access lists and policies can name.
 *
 * @param accounts every account there is
 * @param emails the accounts of users by their e-mail address in lower case
 * @param principals whether there is whom a Principal element names, by type and name
 */
public record AccountDirectory(Supplier<List<AccountId>> accounts, Map<String, AccountId> emails,
    BiPredicate<String, String> principals) {
  private static final String CANONICAL = "CanonicalUser";
  /** Knows nobody. */
  public static final AccountDirectory EMPTY = new AccountDirectory(List::of, Map.of(), (type, name) -> false);

  public AccountDirectory {
    emails = Map.copyOf(emails);
  }

  Optional<AccountId> ofCanonicalId(String id) {
    return accounts.get().stream().filter(account -> Owners.canonicalId(account).equals(id)).findFirst();
  }

  /** The policy with accounts in the place of the canonical users that stand for them. */
  PolicyDocument named(PolicyDocument policy) {
    if (policy.statements().stream().noneMatch(each -> each.principals().containsKey(CANONICAL))) {
      return policy;
    }
    return new PolicyDocument(policy.version(), policy.statements().stream().map(this::named).toList());
  }

  private Statement named(Statement each) {
    Map<String, List<String>> principals = new HashMap<>(each.principals());
    List<String> users = Optional.ofNullable(principals.remove(CANONICAL)).orElse(List.of());
    Stream<String> found = users.stream().map(this::ofCanonicalId).flatMap(Optional::stream).map(AccountId::value);
    principals.put("AWS", Stream.concat(principals.getOrDefault("AWS", List.of()).stream(), found).toList());
    return new Statement(each.sid(), each.effect(), each.notAction(), each.actions(), each.notResource(),
        each.resources(), each.notPrincipal(), principals, each.conditions());
  }

  Optional<AccountId> ofEmail(String address) {
    return Optional.ofNullable(emails.get(address.toLowerCase(Locale.ROOT)));
  }
}
