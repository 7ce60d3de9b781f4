package dev.atelier.identity;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.atelier.kernel.AccountId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** The rows of temporary credentials. They outlive a restart and are deleted some time after they expired. */
final class SessionStore {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final IdentityRows store;

  SessionStore(IdentityRows store) {
    this.store = store;
  }

  /** What a session acts as. */
  enum Kind { role, user, federated, root }

  /**
   * One session.
   *
   * @param principal the role's name, or the user's; empty for the account's root user
   * @param session the role session's name, or the federated user's; empty for a user's own session
   * @param secret the sealed secret access key
   * @param token the sealed session token
   */
  record SessionRow(
      String accessKeyId,
      AccountId account,
      Kind kind,
      String principal,
      String session,
      String secret,
      String token,
      List<String> policies,
      Instant expiresAt,
      SessionFacts facts) {}

  /** @param workload the sandbox that the session ends with; empty for everybody else's */
  void insert(SessionRow row, String workload) {
    store.write(tx -> {
      if (!workload.isEmpty()) {
        tx.createUpdate("insert into iam_session_workload values (:id, :workload)")
            .bind("id", row.accessKeyId()).bind("workload", workload).execute();
      }
      return insert(tx, row);
    });
  }

  /** The sandbox that a session was handed to. */
  Optional<String> workload(String accessKeyId) {
    return store.read(tx -> tx.createQuery("select workload from iam_session_workload where access_key_id = :id")
        .bind("id", accessKeyId).mapTo(String.class).findOne());
  }

  private static int insert(Handle tx, SessionRow row) {
    return tx.createUpdate("""
            insert into iam_session
              (access_key_id, account, kind, principal, session, secret, token, session_policies, expires_at, facts)
            values (:id, :account, :kind, :principal, :session, :secret, :token, :policies, :expires, :facts)""")
        .bind("id", row.accessKeyId()).bind("account", row.account().value()).bind("kind", row.kind().name())
        .bind("principal", row.principal()).bind("session", row.session()).bind("secret", row.secret())
        .bind("token", row.token()).bind("policies", write(row.policies())).bind("facts", write(row.facts()))
        .bind("expires", row.expiresAt().toEpochMilli()).execute();
  }

  Optional<SessionRow> find(String accessKeyId) {
    return store.read(tx -> tx.createQuery("select * from iam_session where access_key_id = :id")
        .bind("id", accessKeyId)
        .map((row, context) -> new SessionRow(row.getString("access_key_id"), new AccountId(row.getString("account")),
            Kind.valueOf(row.getString("kind")), row.getString("principal"), row.getString("session"),
            row.getString("secret"), row.getString("token"), read(row.getString("session_policies")),
            Instant.ofEpochMilli(row.getLong("expires_at")), facts(row.getString("facts"))))
        .findOne());
  }

  void deleteExpiredBefore(Instant time) {
    store.write(tx -> {
      tx.createUpdate("delete from iam_session where expires_at < :time").bind("time", time.toEpochMilli()).execute();
      return tx.createUpdate(
          "delete from iam_session_workload where access_key_id not in (select access_key_id from iam_session)").execute();
    });
  }

  /** Ends every session that was handed to a sandbox; returns how many. */
  int deleteOf(String workload) {
    return store.write(tx -> {
      tx.createUpdate("""
              delete from iam_session
              where access_key_id in (select access_key_id from iam_session_workload where workload = :workload)""")
          .bind("workload", workload).execute();
      return tx.createUpdate("delete from iam_session_workload where workload = :workload")
          .bind("workload", workload).execute();
    });
  }

  /** The sandboxes that were handed a session. */
  List<String> workloads() {
    return store.read(tx -> tx.createQuery("select distinct workload from iam_session_workload")
        .mapTo(String.class).list());
  }

  private static String write(Object value) {
    try {
      return JSON.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static List<String> read(String json) {
    try {
      return JSON.readValue(json, new TypeReference<List<String>>() {});
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static SessionFacts facts(String json) {
    try {
      return JSON.readValue(json, SessionFacts.class);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
