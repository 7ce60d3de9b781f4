package dev.atelier.usage;

import dev.atelier.compute.WorkloadId;
import dev.atelier.kernel.AccountId;
import dev.atelier.kernel.Region;
import dev.atelier.metadata.MetadataStore;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;

/** The rows of what ran. */
final class LedgerStore {
  private final MetadataStore store;

  LedgerStore(MetadataStore store) {
    this.store = store;
  }

  /** Opens an entry for a workload, or joins the one that is open for its share; once for each workload. */
  void open(WorkloadId workload, Use use, Payer payer, Instant since) {
    store.write(tx -> {
      if (entry(tx, workload).isPresent()) {
        return false;
      }
      long entry = tx.createQuery("select id from usage_entry where share = :share and ended_at is null")
          .bind("share", use.share()).mapTo(Long.class).findOne().orElseGet(() -> insert(tx, use, payer, since));
      return tx.createUpdate("insert into usage_workload values (:workload, :entry)")
          .bind("workload", workload.value()).bind("entry", entry).execute() == 1;
    });
  }

  private static long insert(Handle tx, Use use, Payer payer, Instant since) {
    return tx.createQuery("""
            insert into usage_entry (share, account, region, kind, resource, domain, owner, instance_type, instances,
              price, started_at, seen_at)
            values (:share, :account, :region, :kind, :resource, :domain, :owner, :type, :instances, :price, :since,
              :since) returning id""")
        .bind("share", use.share()).bind("account", use.account().value()).bind("region", use.region().name())
        .bind("kind", use.kind()).bind("resource", use.resource().toString()).bind("domain", payer.domain())
        .bind("owner", payer.owner()).bind("type", use.instanceType()).bind("instances", use.instances())
        .bind("price", use.price().map(BigDecimal::toPlainString).orElse(""))
        .bind("since", since.toEpochMilli()).mapTo(Long.class).one();
  }

  private static Optional<Long> entry(Handle tx, WorkloadId workload) {
    return tx.createQuery("select entry from usage_workload where workload = :workload")
        .bind("workload", workload.value()).mapTo(Long.class).findOne();
  }

  /** Notes that a workload is over; its entry is, when no other workload has it open. */
  void close(WorkloadId workload, Instant at) {
    store.write(tx -> {
      Optional<Long> entry = entry(tx, workload);
      entry.ifPresent(id -> {
        tx.createUpdate("delete from usage_workload where workload = :workload")
            .bind("workload", workload.value()).execute();
        tx.createUpdate("""
                update usage_entry set ended_at = max(started_at, :at) where id = :id and ended_at is null
                  and not exists (select 1 from usage_workload where entry = :id)""")
            .bind("id", id).bind("at", at.toEpochMilli()).execute();
      });
      return entry.isPresent();
    });
  }

  /** Closes, at the time when they were seen last, the entries of workloads that are no more. */
  void closeOthers(Set<WorkloadId> present) {
    List<String> gone = store.read(tx -> tx.createQuery("select workload from usage_workload").mapTo(String.class)
        .list()).stream().filter(id -> !present.contains(new WorkloadId(id))).toList();
    gone.forEach(id -> close(new WorkloadId(id), store.read(tx -> tx.createQuery("""
            select seen_at from usage_entry where id = (select entry from usage_workload where workload = :id)""")
        .bind("id", id).mapTo(Long.class).findOne()).map(Instant::ofEpochMilli).orElse(Instant.EPOCH)));
  }

  /** Notes that what is open was seen; nothing is written when nothing is. */
  void seen(Instant now) {
    if (store.<Boolean>read(tx -> tx.createQuery("select exists (select 1 from usage_entry where ended_at is null)")
        .mapTo(Boolean.class).one())) {
      store.write(tx -> tx.createUpdate("update usage_entry set seen_at = :now where ended_at is null")
          .bind("now", now.toEpochMilli()).execute());
    }
  }

  /** Entries that were open at some time within two, oldest first. */
  List<Entry> within(AccountId account, Region region, Instant from, Instant to) {
    return store.read(tx -> tx.createQuery("""
            select * from usage_entry where account = :account and region = :region and started_at < :to
              and coalesce(ended_at, :to) >= :from order by started_at, id""")
        .bind("account", account.value()).bind("region", region.name()).bind("from", from.toEpochMilli())
        .bind("to", to.toEpochMilli()).map((row, context) -> entry(row)).list());
  }

  private static Entry entry(ResultSet row) throws SQLException {
    long ended = row.getLong("ended_at");
    boolean open = row.wasNull();
    return new Entry(row.getLong("id"), row.getString("kind"), row.getString("resource"),
        new Payer(row.getString("domain"), row.getString("owner")), row.getString("instance_type"),
        row.getInt("instances"),
        Optional.of(row.getString("price")).filter(text -> !text.isEmpty()).map(BigDecimal::new),
        Instant.ofEpochMilli(row.getLong("started_at")),
        open ? Optional.empty() : Optional.of(Instant.ofEpochMilli(ended)));
  }

  /** Notes who asked for a resource. */
  void created(String resource, Payer payer) {
    store.write(tx -> tx.createUpdate("insert or replace into usage_creator values (:resource, :domain, :owner)")
        .bind("resource", resource).bind("domain", payer.domain()).bind("owner", payer.owner()).execute());
  }

  /** Who asked for a resource. */
  Optional<Payer> creator(String resource) {
    return store.read(tx -> tx.createQuery("select domain, owner from usage_creator where resource = :resource")
        .bind("resource", resource)
        .map((row, context) -> new Payer(row.getString("domain"), row.getString("owner"))).findOne());
  }
}
