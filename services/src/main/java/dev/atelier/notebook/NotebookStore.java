package dev.atelier.notebook;

import dev.atelier.entry.Entries;
import dev.atelier.kernel.AccountId;
import dev.atelier.kernel.Arn;
import dev.atelier.kernel.Caller;
import dev.atelier.kernel.Region;
import dev.atelier.metadata.MetadataStore;
import dev.atelier.metadata.Page;
import dev.atelier.metadata.TagStore;
import dev.atelier.models.ServiceModel;
import dev.atelier.models.StructureShape;
import dev.atelier.models.sagemaker.ListNotebookInstancesInput;
import dev.atelier.operation.ResourceListing;
import dev.atelier.operation.StoredDocument;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** The rows of notebook instances. */
final class NotebookStore {
  private static final String[] COLUMNS = {"document", "lifecycle_config", "default_repository", "repositories",
      "state", "status", "version", "attempt", "configured", "log_start", "modified_at", "failure_reason"};

  private final MetadataStore store;
  private final TagStore tags;
  private final Clock clock;

  NotebookStore(MetadataStore store, TagStore tags, Clock clock) {
    this.store = store;
    this.tags = tags;
    this.clock = clock;
  }

  /** The time of rows: the clock's, in milliseconds. */
  Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }

  /** Inserts a new notebook instance with its tags; false when one of its name exists. */
  boolean insert(NotebookInstance notebook, Map<String, String> itsTags) {
    return store.write(tx -> {
      int rows = tx.createUpdate("""
              insert into notebook_instance values (:arn, :account, :region, :name, :document, :lifecycle, :repository,
                :repositories, :state, :status, 0, 1, 0, 0, :now, :now, null) on conflict do nothing""")
          .bind("arn", notebook.arn().toString()).bind("account", notebook.account().value())
          .bind("region", notebook.region().name()).bind("name", notebook.name())
          .bindMap(ofDocument(notebook.document()))
          .bind("state", notebook.state().name()).bind("status", notebook.state().status())
          .bind("now", notebook.createdAt().toEpochMilli()).execute();
      if (rows == 1 && !itsTags.isEmpty()) {
        tags.add(tx, notebook.arn().toString(), itsTags);
      }
      return rows == 1;
    });
  }

  /** The columns that follow from the document. */
  private static Map<String, Object> ofDocument(Map<String, Object> document) {
    StringBuilder repositories = new StringBuilder("\n");
    if (document.get(NotebookInstance.REPOSITORIES) instanceof List<?> more) {
      more.forEach(each -> repositories.append(each).append('\n'));
    }
    return Map.of("document", StoredDocument.write(() -> document),
        "lifecycle", document.getOrDefault(NotebookInstance.LIFECYCLE_CONFIG, ""),
        "repository", document.getOrDefault(NotebookInstance.DEFAULT_REPOSITORY, ""),
        "repositories", repositories.toString());
  }

  Optional<NotebookInstance> find(Arn arn) {
    return store.read(tx -> find(tx, arn));
  }

  private static Optional<NotebookInstance> find(Handle tx, Arn arn) {
    return tx.createQuery("select * from notebook_instance where arn = :arn").bind("arn", arn.toString())
        .map((row, context) -> notebook(row)).findOne();
  }

  /** Notebook instances whose state asks for something, or that run. */
  List<NotebookInstance> live() {
    return store.read(tx -> tx.createQuery(
            "select * from notebook_instance where state not in ('STOPPED', 'FAILED') order by created_at")
        .map((row, context) -> notebook(row)).list());
  }

  /**
   * Moves a notebook instance to a state; false when it has changed since it was read. Its start counts as a new attempt
   * and forgets why the one before failed.
   */
  boolean apply(NotebookInstance notebook, NotebookState next, Map<String, Object> document, Optional<String> failure) {
    boolean starts = next == NotebookState.PENDING;
    boolean answered = next == NotebookState.IN_SERVICE;
    return store.write(tx -> tx.createUpdate("""
            update notebook_instance set document = :document, lifecycle_config = :lifecycle,
              default_repository = :repository, repositories = :repositories, state = :next, status = :status,
              version = version + 1, attempt = attempt + :starts, configured = max(configured, :answered),
              modified_at = :now, failure_reason = case when :starts = 1 then null
                else coalesce(:failure, failure_reason) end
            where arn = :arn and version = :version and attempt = :attempt""")
        .bindMap(ofDocument(document)).bind("next", next.name()).bind("status", next.status())
        .bind("starts", starts ? 1 : 0).bind("answered", answered ? 1 : 0).bind("now", now().toEpochMilli())
        .bind("failure", failure.orElse(null)).bind("arn", notebook.arn().toString())
        .bind("version", notebook.version()).bind("attempt", notebook.attempt()).execute()) == 1;
  }

  /** Notes where the attempt's output begins in its log stream. */
  void logStart(NotebookInstance notebook, long bytes) {
    store.write(tx -> tx.createUpdate(
            "update notebook_instance set log_start = :bytes where arn = :arn and attempt = :attempt")
        .bind("bytes", bytes).bind("arn", notebook.arn().toString()).bind("attempt", notebook.attempt()).execute());
  }

  /** Notes that the OnCreate script has run to its end. */
  void configured(NotebookInstance notebook) {
    store.write(tx -> tx.createUpdate("update notebook_instance set configured = 1 where arn = :arn and attempt = :attempt")
        .bind("arn", notebook.arn().toString()).bind("attempt", notebook.attempt()).execute());
  }

  /** Removes the row with its tags; who could enter cannot enter the next one of its name. */
  void delete(NotebookInstance notebook) {
    store.write(tx -> {
      tags.deleteAll(tx, notebook.arn().toString());
      Entries.forget(tx, notebook.arn().toString());
      return tx.createUpdate("delete from notebook_instance where arn = :arn")
          .bind("arn", notebook.arn().toString()).execute();
    });
  }

  Page<NotebookInstance> list(Caller caller, ListNotebookInstancesInput request) {
    Map<String, Object> asked = new LinkedHashMap<>(request.toDocument());
    asked.putIfAbsent("SortBy", "Name");
    asked.putIfAbsent("SortOrder", "Ascending");
    return ResourceListing.of(caller, asked, "notebook_instance", COLUMNS)
        .containing("lifecycle_config", "NotebookInstanceLifecycleConfigNameContains")
        .containing("default_repository", "DefaultCodeRepositoryContains")
        .holding("repositories", Optional.ofNullable(request.additionalCodeRepositoryEquals())
            .map(repository -> "\n" + repository + "\n"))
        .page(store, (row, context) -> notebook(row));
  }

  private static NotebookInstance notebook(ResultSet row) throws SQLException {
    return new NotebookInstance(
        Arn.parse(row.getString("arn")).orElseThrow(),
        new AccountId(row.getString("account")),
        new Region(row.getString("region")),
        row.getString("name"),
        StoredDocument.read((StructureShape) ServiceModel.load("sagemaker").shape("DescribeNotebookInstanceOutput"),
            row.getString("document")),
        NotebookState.valueOf(row.getString("state")),
        row.getInt("version"),
        row.getInt("attempt"),
        row.getInt("configured") == 1,
        row.getLong("log_start"),
        Instant.ofEpochMilli(row.getLong("created_at")),
        Instant.ofEpochMilli(row.getLong("modified_at")),
        Optional.ofNullable(row.getString("failure_reason")));
  }
}
