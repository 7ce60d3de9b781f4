package dev.atelier.studio;

import dev.atelier.metadata.MetadataStore;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/**
 * Who may enter apps: a presigned URL is good once and for a short while, and begins a session with the one app that it
 * was made for. Secrets are random, shown once and stored as hashes alone; both outlive a restart.
 */
public final class AppEntries {
  private static final String URL = "url";
  private static final String SESSION = "session";
  private static final SecureRandom RANDOM = new SecureRandom();

  private final MetadataStore store;
  private final Clock clock;

  public AppEntries(MetadataStore store, Clock clock) {
    this.store = store;
    this.clock = clock;
  }

  /**
   * A session with an app's host.
   *
   * @param token what the browser holds
   * @param landing the path that is shown first
   */
  public record Session(String token, Duration life, String landing) {
    @Override
    public String toString() {
      return "Session[" + life + ", " + landing + "]";
    }
  }

  /**
   * The secret of a new presigned URL.
   *
   * @param app the first label of the app's host
   * @param life of the URL; 5 to 300 seconds by AWS's model
   * @param session how long the session lasts that it begins
   * @param landing the path that is shown first
   */
  public String presign(String app, Duration life, Duration session, String landing) {
    String secret = random();
    store.write(tx -> {
      tx.createUpdate("delete from studio_entry where expires_at <= :now").bind("now", clock.millis()).execute();
      return insert(tx, secret, URL, app, landing, session.toSeconds(), life);
    });
    return secret;
  }

  /** Exchanges a URL's secret for a session; empty when it was used, is too old, or was made for another app. */
  public Optional<Session> redeem(String app, String secret) {
    String token = random();
    return store.write(tx -> {
      Optional<Session> found = tx.createQuery("""
              select landing, session_seconds from studio_entry
              where hash = :hash and kind = 'url' and app = :app and expires_at > :now""")
          .bind("hash", hash(secret)).bind("app", app).bind("now", clock.millis())
          .map((row, context) -> new Session(token, Duration.ofSeconds(row.getLong("session_seconds")),
              row.getString("landing"))).findOne();
      found.ifPresent(session -> {
        tx.createUpdate("delete from studio_entry where hash = :hash").bind("hash", hash(secret)).execute();
        insert(tx, token, SESSION, app, "", 0, session.life());
      });
      return found;
    });
  }

  private int insert(Handle tx, String secret, String kind, String app, String landing,
      long sessionSeconds, Duration life) {
    return tx.createUpdate("insert into studio_entry values (:hash, :kind, :app, :landing, :session, :expires)")
        .bind("hash", hash(secret)).bind("kind", kind).bind("app", app).bind("landing", landing)
        .bind("session", sessionSeconds).bind("expires", clock.instant().plus(life).toEpochMilli()).execute();
  }

  /** Whether a token is of a session with the app that still lasts. */
  public boolean holds(String app, String token) {
    return store.read(tx -> tx.createQuery("""
            select count(*) from studio_entry
            where hash = :hash and kind = 'session' and app = :app and expires_at > :now""")
        .bind("hash", hash(token)).bind("app", app).bind("now", clock.millis()).mapTo(Integer.class).one()) > 0;
  }

  /** Ends every session with an app, and every URL to it. */
  public void end(String app) {
    store.write(tx -> tx.createUpdate("delete from studio_entry where app = :app").bind("app", app).execute());
  }

  private static String random() {
    byte[] bytes = new byte[32];
    RANDOM.nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  private static String hash(String text) {
    try {
      return HexFormat.of().formatHex(
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
