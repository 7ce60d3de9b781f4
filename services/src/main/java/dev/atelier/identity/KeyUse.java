package dev.atelier.identity;

import dev.atelier.kernel.Identity;
import dev.atelier.metadata.MetadataStore;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;

/**
 * When long-lived keys and sessions of roles last signed. Requests only note it in memory; notes are written together, at most once in a
 * while and when the server ends, so that no request pays for a write.
 */
public final class KeyUse implements AutoCloseable {
  private static final Duration EVERY = Duration.ofMinutes(1);

  private final MetadataStore store;
  private final Clock clock;
  private final Map<String, Use> noted = new ConcurrentHashMap<>();
  private final AtomicReference<Instant> written;

  KeyUse(MetadataStore store, Clock clock) {
    this.store = store;
    this.clock = clock;
    this.written = new AtomicReference<>(clock.instant());
  }

  /** One use; {@code service} is the signature's. */
  public record Use(Instant at, String service, String region) {}

  /** Notes a use; every minute the one that notes then writes all. */
  public void note(String accessKeyId, Identity identity, String service, String region) {
    if (identity instanceof Identity.AssumedRole role) {
      note(role.roleId(), service, region);
    } else if (accessKeyId.startsWith("AKIA")) {
      note(accessKeyId, service, region);
    }
  }

  private void note(String id, String service, String region) {
    Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
    noted.put(id, new Use(now, service, region.isEmpty() ? "N/A" : region));
    Instant before = written.get();
    if (now.isAfter(before.plus(EVERY)) && written.compareAndSet(before, now)) {
      Thread.ofVirtual().name("key-use").start(this::write);
    }
  }

  /** When this key, or a session of the role with this unique id, signed last. */
  Optional<Use> of(String id) {
    Use now = noted.get(id);
    return now != null ? Optional.of(now) : store.read(tx -> tx.createQuery("select * from iam_key_use where id = :id")
        .bind("id", id)
        .map((row, context) -> new Use(Instant.ofEpochMilli(row.getLong("used_at")), row.getString("service"),
            row.getString("region"))).findOne());
  }

  private void write() {
    Map<String, Use> due = Map.copyOf(noted);
    if (due.isEmpty()) {
      return;
    }
    store.write(tx -> {
      due.forEach((id, use) -> tx.createUpdate("""
              insert into iam_key_use values (:id, :at, :service, :region) on conflict (id) do update
              set used_at = excluded.used_at, service = excluded.service, region = excluded.region""")
          .bind("id", id).bind("at", use.at().toEpochMilli()).bind("service", use.service())
          .bind("region", use.region()).execute());
      return due.size();
    });
    due.forEach(noted::remove);
  }

  /** Writes what is noted. */
  @Override
  public void close() {
    write();
  }
}
