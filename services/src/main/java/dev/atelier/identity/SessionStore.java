package dev.atelier.identity;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.atelier.kernel.AccountId;
import dev.atelier.metadata.MetadataStore;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The rows of temporary credentials. They outlive a restart and are deleted some time after they expired. */
final class SessionStore {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final MetadataStore store;

  SessionStore(MetadataStore store) {
    this.store = store;
  }

  /** What a session acts as. */
  enum Kind { role, user, federated }

  /**
   * One session.
   *
   * @param principal the role's name, or the user's
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
      Instant expiresAt) {}

  void insert(SessionRow row) {
    store.write(tx -> tx.createUpdate("""
            insert into iam_session values
            (:id, :account, :kind, :principal, :session, :secret, :token, :policies, :expires)""")
        .bind("id", row.accessKeyId()).bind("account", row.account().value()).bind("kind", row.kind().name())
        .bind("principal", row.principal()).bind("session", row.session()).bind("secret", row.secret())
        .bind("token", row.token()).bind("policies", write(row.policies()))
        .bind("expires", row.expiresAt().toEpochMilli()).execute());
  }

  Optional<SessionRow> find(String accessKeyId) {
    return store.read(tx -> tx.createQuery("select * from iam_session where access_key_id = :id")
        .bind("id", accessKeyId)
        .map((row, context) -> new SessionRow(row.getString("access_key_id"), new AccountId(row.getString("account")),
            Kind.valueOf(row.getString("kind")), row.getString("principal"), row.getString("session"),
            row.getString("secret"), row.getString("token"), read(row.getString("session_policies")),
            Instant.ofEpochMilli(row.getLong("expires_at"))))
        .findOne());
  }

  void deleteExpiredBefore(Instant time) {
    store.write(tx -> tx.createUpdate("delete from iam_session where expires_at < :time")
        .bind("time", time.toEpochMilli()).execute());
  }

  void delete(String accessKeyId) {
    store.write(tx -> tx.createUpdate("delete from iam_session where access_key_id = :id")
        .bind("id", accessKeyId).execute());
  }

  private static String write(List<String> policies) {
    try {
      return JSON.writeValueAsString(policies);
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
}
