package dev.atelier.usage;

import dev.atelier.kernel.AccountId;
import dev.atelier.kernel.Fault;
import dev.atelier.kernel.Region;
import dev.atelier.metadata.MetadataStore;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Clock;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;

/** Budgets of domains, users and principals: nothing is started for whom has used one up. Months are UTC's. */
public final class Budgets {
  private static final DateTimeFormatter MONTH = DateTimeFormatter.ofPattern("MMMM uuuu", Locale.ENGLISH);

  private final MetadataStore store;
  private final LedgerStore ledger;
  private final Clock clock;

  Budgets(MetadataStore store, LedgerStore ledger, Clock clock) {
    this.store = store;
    this.ledger = ledger;
    this.clock = clock;
  }

  /** A budget, and how much of it is used up. */
  public record State(Budget budget, BigDecimal spent) {
    public boolean usedUp() {
      return spent.compareTo(budget.monthly()) >= 0;
    }
  }

  /** Gives a budget, in the place of the one before. */
  public void put(AccountId account, Region region, Budget budget) {
    store.write(tx -> tx.createUpdate(
            "insert or replace into usage_budget values (:account, :region, :domain, :owner, :monthly)")
        .bind("account", account.value()).bind("region", region.name()).bind("domain", budget.of().domain())
        .bind("owner", budget.of().owner()).bind("monthly", budget.monthly().toPlainString()).execute());
  }

  /** Takes a budget away; false when there is none. */
  public boolean remove(AccountId account, Region region, Payer of) {
    return store.write(tx -> tx.createUpdate("""
            delete from usage_budget where account = :account and region = :region and domain = :domain
              and owner = :owner""")
        .bind("account", account.value()).bind("region", region.name()).bind("domain", of.domain())
        .bind("owner", of.owner()).execute()) == 1;
  }

  private List<Budget> all(AccountId account, Region region) {
    return store.read(tx -> tx.createQuery("""
            select * from usage_budget where account = :account and region = :region order by domain, owner""")
        .bind("account", account.value()).bind("region", region.name())
        .map((row, context) -> new Budget(new Payer(row.getString("domain"), row.getString("owner")),
            new BigDecimal(row.getString("monthly")))).list());
  }

  /** The budgets of an account in a region, with what was spent of each this month. */
  public List<State> states(AccountId account, Region region) {
    List<Budget> budgets = all(account, region);
    return budgets.isEmpty() ? List.of() : states(account, region, budgets);
  }

  private List<State> states(AccountId account, Region region, List<Budget> budgets) {
    Instant now = clock.instant();
    Instant from = YearMonth.from(now.atOffset(ZoneOffset.UTC)).atDay(1).atStartOfDay().toInstant(ZoneOffset.UTC);
    List<Entry> entries = ledger.within(account, region, from, now);
    return budgets.stream().map(budget -> new State(budget, entries.stream()
        .filter(entry -> counts(budget.of(), entry.payer())).map(entry -> entry.cost(from, now))
        .reduce(BigDecimal.ZERO, BigDecimal::add))).toList();
  }

  /** Whether what somebody uses counts for a budget: their own, and their domain's. */
  private static boolean counts(Payer budget, Payer payer) {
    return budget.equals(payer) || budget.inDomain() && budget.owner().isEmpty()
        && budget.domain().equals(payer.domain());
  }

  /**
   * Returns when something may be started for a payer.
   *
   * @param what is to be started, for the refusal
   * @throws Fault ResourceLimitExceeded: a budget that it counts for is used up
   */
  void require(AccountId account, Region region, Payer payer, String what) {
    List<Budget> budgets = all(account, region).stream().filter(budget -> counts(budget.of(), payer)).toList();
    if (budgets.isEmpty()) {
      return;
    }
    states(account, region, budgets).stream().filter(State::usedUp).findFirst().ifPresent(used -> {
      throw new Fault("ResourceLimitExceeded", 400, "The budget of " + name(used.budget().of()) + " for "
          + MONTH.format(clock.instant().atOffset(ZoneOffset.UTC)) + " is used up: "
          + used.spent().setScale(2, RoundingMode.HALF_UP) + " of "
          + used.budget().monthly().setScale(2, RoundingMode.HALF_UP) + " " + Prices.currency() + ". " + what
          + " is not started. Raise the budget, or wait for the next month.");
    });
  }

  private static String name(Payer of) {
    return of.owner().isEmpty() ? "Domain " + of.domain()
        : of.inDomain() ? "UserProfile " + of.owner() + " in Domain " + of.domain() : of.owner();
  }
}
