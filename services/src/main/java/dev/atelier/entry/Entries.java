package dev.atelier.entry;

import dev.atelier.identity.SecretToken;
import dev.atelier.metadata.MetadataStore;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/**
 * Who may enter programs that have pages, such as Studio's apps: a presigned URL is good once and for a short while, and
 * begins a session with the one program that it was made for. Secrets are random, shown once and stored as hashes alone;
 * both outlive a restart.
 */
public final class Entries {
  private static final String URL = "url";
  private static final String SESSION = "session";

  private final MetadataStore store;
  private final Clock clock;

  public Entries(MetadataStore store, Clock clock) {
    this.store = store;
    this.clock = clock;
  }

  /**
   * What is entered.
   *
   * @param label the first label of the program's host
   * @param program the ARN of the app or whatever else it belongs to
   * @param landing the path that is shown first
   * @param person the user profile that enters; empty where programs know none
   */
  public record Target(String label, String program, String landing, Optional<String> person) {}

  /**
   * A session with a program's host.
   *
   * @param token what the browser holds
   */
  public record Session(String token, Duration life, Target target) {
    @Override
    public String toString() {
      return "Session[" + life + ", " + target + "]";
    }
  }

  /**
   * The secret of a new presigned URL.
   *
   * @param life of the URL; 5 to 300 seconds by AWS's model
   * @param session how long the session lasts that it begins
   */
  public String presign(Target target, Duration life, Duration session) {
    String secret = SecretToken.fresh();
    store.write(tx -> {
      tx.createUpdate("delete from studio_entry where expires_at <= :now").bind("now", clock.millis()).execute();
      return insert(tx, secret, URL, target, session, life);
    });
    return secret;
  }

  /** Exchanges a URL's secret for a session; empty when it was used, is too old, or was made for another host. */
  public Optional<Session> redeem(String label, String secret) {
    String token = SecretToken.fresh();
    return store.write(tx -> {
      Optional<Session> found = tx.createQuery("""
              select label, app, landing, person, session_seconds from studio_entry
              where hash = :hash and kind = 'url' and label = :label and expires_at > :now""")
          .bind("hash", SecretToken.hash(secret)).bind("label", label).bind("now", clock.millis())
          .map((row, context) -> new Session(token, Duration.ofSeconds(row.getLong("session_seconds")),
              new Target(row.getString("label"), row.getString("app"), row.getString("landing"), person(row)))).findOne();
      found.ifPresent(session -> {
        tx.createUpdate("delete from studio_entry where hash = :hash").bind("hash", SecretToken.hash(secret)).execute();
        insert(tx, token, SESSION, session.target(), Duration.ZERO, session.life());
      });
      return found;
    });
  }

  private int insert(Handle tx, String secret, String kind, Target target, Duration session, Duration life) {
    return tx.createUpdate("insert into studio_entry values (:hash, :kind, :label, :app, :landing, :session, :expires, :person)")
        .bind("hash", SecretToken.hash(secret)).bind("kind", kind).bind("label", target.label()).bind("app", target.program())
        .bind("landing", target.landing()).bind("person", target.person().orElse("")).bind("session", session.toSeconds())
        .bind("expires", clock.instant().plus(life).toEpochMilli()).execute();
  }

  private static Optional<String> person(ResultSet row) throws SQLException {
    return Optional.of(row.getString("person")).filter(name -> !name.isEmpty());
  }

  /** What a token is of a session with; empty when it is of none at this host that still lasts. */
  public Optional<Target> target(String label, String token) {
    return store.read(tx -> tx.createQuery("""
            select label, app, landing, person from studio_entry
            where hash = :hash and kind = 'session' and label = :label and expires_at > :now""")
        .bind("hash", SecretToken.hash(token)).bind("label", label).bind("now", clock.millis())
        .map((row, context) -> new Target(row.getString("label"), row.getString("app"), row.getString("landing"),
            person(row))).findOne());
  }

  /** Forgets the URLs and sessions of a program that is gone. */
  public static void forget(Handle tx, String program) {
    tx.createUpdate("delete from studio_entry where app = :program").bind("program", program).execute();
  }

  /** Forgets the URLs and sessions of all programs whose ARNs begin so. */
  public static void forgetAll(Handle tx, String beginning) {
    tx.createUpdate("delete from studio_entry where substr(app, 1, length(:beginning)) = :beginning")
        .bind("beginning", beginning).execute();
  }
}
