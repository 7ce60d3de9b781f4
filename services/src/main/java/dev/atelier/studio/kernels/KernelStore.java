package dev.atelier.studio.kernels;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.atelier.kernel.Arn;
import dev.atelier.metadata.MetadataStore;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** The rows of kernels and sessions. */
final class KernelStore {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final MetadataStore store;

  KernelStore(MetadataStore store) {
    this.store = store;
  }

  void insert(Kernel kernel) {
    store.write(tx -> tx.createUpdate("""
            insert into studio_kernel values (:id, :owner, :spec, :name, :path, :environment, :app, :type, :image,
              :state, :reason, :created, :activity, :watched, :script)""")
        .bind("id", kernel.id()).bind("owner", kernel.owner().toString()).bind("spec", kernel.spec())
        .bind("name", kernel.name()).bind("path", kernel.path()).bind("environment", text(kernel.environment()))
        .bind("app", kernel.app().toString()).bind("type", kernel.instanceType()).bind("image", kernel.image())
        .bind("state", kernel.state().name()).bind("reason", kernel.reason().orElse(""))
        .bind("created", kernel.createdAt().toEpochMilli()).bind("activity", kernel.activityAt().toEpochMilli())
        .bind("watched", kernel.watched()).bind("script", kernel.script().orElse("")).execute());
  }

  Optional<Kernel> find(String id) {
    return store.read(tx -> tx.createQuery("select * from studio_kernel where id = :id").bind("id", id)
        .map((row, context) -> kernel(row)).findOne());
  }

  List<Kernel> all() {
    return store.read(tx -> tx.createQuery("select * from studio_kernel").map((row, context) -> kernel(row)).list());
  }

  List<Kernel> of(Arn owner) {
    return kernels("owner", owner);
  }

  List<Kernel> in(Arn app) {
    return kernels("app", app);
  }

  private List<Kernel> kernels(String column, Arn arn) {
    return store.read(tx -> tx.createQuery("select * from studio_kernel where " + column + " = :arn order by created_at")
        .bind("arn", arn.toString()).map((row, context) -> kernel(row)).list());
  }

  /** Moves a kernel to a state; false when it is not in the one that it is to come from. */
  boolean move(String id, Kernel.State from, Kernel.State to, String reason) {
    return store.write(tx -> tx.createUpdate(
            "update studio_kernel set state = :to, reason = :reason where id = :id and state = :from")
        .bind("to", to.name()).bind("reason", reason).bind("id", id).bind("from", from.name()).execute()) == 1;
  }

  /** Notes a kernel's end; false when it had ended already, or is gone. */
  boolean die(String id, String reason) {
    return store.write(tx -> tx.createUpdate(
            "update studio_kernel set state = 'DEAD', reason = :reason where id = :id and state <> 'DEAD'")
        .bind("reason", reason).bind("id", id).execute()) == 1;
  }

  /** A dead kernel is to be started anew, with a record of its own. */
  boolean revive(String id) {
    return store.write(tx -> tx.createUpdate("""
            update studio_kernel set state = 'STARTING', reason = '', watched = 0 where id = :id and state = 'DEAD'""")
        .bind("id", id).execute()) == 1;
  }

  void watched(String id, long offset, Instant activity) {
    store.write(tx -> tx.createUpdate(
            "update studio_kernel set watched = :offset, activity_at = :activity where id = :id and watched < :offset")
        .bind("offset", offset).bind("activity", activity.toEpochMilli()).bind("id", id).execute());
  }

  /** Forgets a kernel, with its sessions and what it ran. */
  void delete(String id) {
    store.write(tx -> {
      for (String table : List.of("studio_session", "studio_execution")) {
        tx.createUpdate("delete from " + table + " where kernel = :id").bind("id", id).execute();
      }
      return tx.createUpdate("delete from studio_kernel where id = :id").bind("id", id).execute();
    });
  }

  void insert(NotebookSession session, Instant now) {
    store.write(tx -> tx.createUpdate(
            "insert into studio_session values (:id, :owner, :path, :name, :type, :kernel, :now)")
        .bind("id", session.id()).bind("owner", session.owner().toString()).bind("path", session.path())
        .bind("name", session.name()).bind("type", session.type()).bind("kernel", session.kernel())
        .bind("now", now.toEpochMilli()).execute());
  }

  void update(NotebookSession session) {
    store.write(tx -> tx.createUpdate(
            "update studio_session set path = :path, name = :name, type = :type, kernel = :kernel where id = :id")
        .bind("id", session.id()).bind("path", session.path()).bind("name", session.name())
        .bind("type", session.type()).bind("kernel", session.kernel()).execute());
  }

  Optional<NotebookSession> session(String id) {
    return sessions("id", id).stream().findFirst();
  }

  List<NotebookSession> sessions(Arn owner) {
    return sessions("owner", owner.toString());
  }

  List<NotebookSession> sessionsOf(String kernel) {
    return sessions("kernel", kernel);
  }

  private List<NotebookSession> sessions(String column, String value) {
    return store.read(tx -> tx.createQuery(
            "select * from studio_session where " + column + " = :value order by created_at").bind("value", value)
        .map((row, context) -> new NotebookSession(row.getString("id"), arn(row.getString("owner")),
            row.getString("path"), row.getString("name"), row.getString("type"), row.getString("kernel"))).list());
  }

  void deleteSession(String id) {
    store.write((Handle tx) -> tx.createUpdate("delete from studio_session where id = :id").bind("id", id).execute());
  }

  private static Kernel kernel(ResultSet row) throws SQLException {
    return new Kernel(row.getString("id"), arn(row.getString("owner")), row.getString("spec"), row.getString("name"),
        row.getString("path"), map(row.getString("environment")), arn(row.getString("app")),
        row.getString("instance_type"), row.getString("image"), Kernel.State.valueOf(row.getString("state")),
        given(row.getString("reason")),
        Instant.ofEpochMilli(row.getLong("created_at")), Instant.ofEpochMilli(row.getLong("activity_at")),
        row.getLong("watched"), given(row.getString("script")));
  }

  private static Optional<String> given(String text) {
    return Optional.of(text).filter(each -> !each.isEmpty());
  }

  private static Arn arn(String text) {
    return Arn.parse(text).orElseThrow();
  }

  private static String text(Map<String, String> map) {
    try {
      return JSON.writeValueAsString(map);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Map<String, String> map(String text) {
    try {
      return JSON.readValue(text, new TypeReference<>() {});
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
