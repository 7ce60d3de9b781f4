package dev.atelier.notebook;

import dev.atelier.entry.Entries;
import dev.atelier.kernel.Arn;
import dev.atelier.kernel.Caller;
import dev.atelier.kernel.Fault;
import dev.atelier.metadata.Page;
import dev.atelier.models.NoOutput;
import dev.atelier.models.sagemaker.CreateNotebookInstanceInput;
import dev.atelier.models.sagemaker.CreateNotebookInstanceOutput;
import dev.atelier.models.sagemaker.CreatePresignedNotebookInstanceUrlInput;
import dev.atelier.models.sagemaker.CreatePresignedNotebookInstanceUrlOutput;
import dev.atelier.models.sagemaker.DeleteNotebookInstanceInput;
import dev.atelier.models.sagemaker.DescribeNotebookInstanceInput;
import dev.atelier.models.sagemaker.DescribeNotebookInstanceOutput;
import dev.atelier.models.sagemaker.ListNotebookInstancesInput;
import dev.atelier.models.sagemaker.ListNotebookInstancesOutput;
import dev.atelier.models.sagemaker.NotebookInstanceSummary;
import dev.atelier.models.sagemaker.SageMakerOperations;
import dev.atelier.models.sagemaker.StartNotebookInstanceInput;
import dev.atelier.models.sagemaker.StopNotebookInstanceInput;
import dev.atelier.models.sagemaker.UpdateNotebookInstanceInput;
import dev.atelier.models.sagemaker.UpdateNotebookInstanceOutput;
import dev.atelier.operation.OperationTable;
import dev.atelier.studio.NotebookChoices;
import dev.atelier.tags.TagRules;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** The operations on notebook instances. */
final class NotebookApi {
  private static final Duration URL_LIFE = Duration.ofMinutes(5);
  private static final int SESSION_SECONDS = 43_200;

  private final NotebookStore store;
  private final NotebookRunner runner;
  private final Notebooks notebooks;
  private final NotebookRules rules;
  private final NotebookChoices choices;
  private final Entries entries;
  private final UnaryOperator<String> origins;

  /** @param origins the origin of the host that begins with a label */
  NotebookApi(NotebookStore store, NotebookRunner runner, NotebookRules rules, NotebookChoices choices,
      Entries entries, UnaryOperator<String> origins) {
    this.store = store;
    this.runner = runner;
    this.notebooks = new Notebooks(store, runner);
    this.rules = rules;
    this.choices = choices;
    this.entries = entries;
    this.origins = origins;
  }

  void register(OperationTable table) {
    table.on(SageMakerOperations.createNotebookInstance(), this::createNotebookInstance)
        .on(SageMakerOperations.describeNotebookInstance(), this::describeNotebookInstance)
        .on(SageMakerOperations.listNotebookInstances(), this::listNotebookInstances)
        .on(SageMakerOperations.startNotebookInstance(), this::startNotebookInstance)
        .on(SageMakerOperations.stopNotebookInstance(), this::stopNotebookInstance)
        .on(SageMakerOperations.updateNotebookInstance(), this::updateNotebookInstance)
        .on(SageMakerOperations.deleteNotebookInstance(), this::deleteNotebookInstance)
        .on(SageMakerOperations.createPresignedNotebookInstanceUrl(), this::createPresignedNotebookInstanceUrl);
  }

  private static Arn arn(Caller caller, String name) {
    return Arn.of("sagemaker", caller.region(), caller.account(), "notebook-instance/" + name.toLowerCase(Locale.ROOT));
  }

  CreateNotebookInstanceOutput createNotebookInstance(Caller caller, CreateNotebookInstanceInput request) {
    Map<String, Object> asked = new LinkedHashMap<>(request.toDocument());
    asked.remove("NotebookInstanceName");
    asked.remove("Tags");
    Instant now = store.now();
    NotebookInstance notebook = new NotebookInstance(arn(caller, request.notebookInstanceName()), caller.account(),
        caller.region(), request.notebookInstanceName(), rules.created(caller, asked), NotebookState.PENDING, 0, 1,
        false, 0, now, now, Optional.empty());
    if (!store.insert(notebook, TagRules.of(request.tags()))) {
      throw Fault.validation("Cannot create a duplicate Notebook Instance (" + notebook.arn() + ").");
    }
    runner.act(notebook);
    return CreateNotebookInstanceOutput.builder().notebookInstanceArn(notebook.arn().toString()).build();
  }

  private NotebookInstance require(Caller caller, String name) {
    return store.find(arn(caller, name)).orElseThrow(Notebooks::missing);
  }

  DescribeNotebookInstanceOutput describeNotebookInstance(Caller caller, DescribeNotebookInstanceInput request) {
    return described(require(caller, request.notebookInstanceName()));
  }

  private DescribeNotebookInstanceOutput described(NotebookInstance notebook) {
    return DescribeNotebookInstanceOutput.fromDocument(notebook.document()).toBuilder()
        .notebookInstanceArn(notebook.arn().toString())
        .notebookInstanceName(notebook.name())
        .notebookInstanceStatus(notebook.state().status())
        .failureReason(notebook.state() == NotebookState.FAILED ? notebook.failureReason().orElse(null) : null)
        .url(origins.apply(NotebookWorkload.label(notebook.arn())).replaceFirst("^https?://", ""))
        .creationTime(notebook.createdAt())
        .lastModifiedTime(notebook.modifiedAt())
        .build();
  }

  ListNotebookInstancesOutput listNotebookInstances(Caller caller, ListNotebookInstancesInput request) {
    Page<NotebookInstance> page = store.list(caller, request);
    return ListNotebookInstancesOutput.builder()
        .notebookInstances(page.items().stream()
            .map(notebook -> NotebookInstanceSummary.fromDocument(described(notebook).toDocument())).toList())
        .nextToken(page.nextToken().orElse(null))
        .build();
  }

  NoOutput startNotebookInstance(Caller caller, StartNotebookInstanceInput request) {
    return asked(caller, request.notebookInstanceName(), NotebookEvent.START, NotebookState.PENDING);
  }

  NoOutput stopNotebookInstance(Caller caller, StopNotebookInstanceInput request) {
    return asked(caller, request.notebookInstanceName(), NotebookEvent.STOP, NotebookState.STOPPING);
  }

  NoOutput deleteNotebookInstance(Caller caller, DeleteNotebookInstanceInput request) {
    return asked(caller, request.notebookInstanceName(), NotebookEvent.DELETE, NotebookState.DELETING);
  }

  private NoOutput asked(Caller caller, String name, NotebookEvent event, NotebookState goal) {
    notebooks.asked(arn(caller, name), event, goal, document -> document);
    return new NoOutput();
  }

  UpdateNotebookInstanceOutput updateNotebookInstance(Caller caller, UpdateNotebookInstanceInput request) {
    Map<String, Object> asked = new LinkedHashMap<>(request.toDocument());
    asked.remove("NotebookInstanceName");
    notebooks.asked(arn(caller, request.notebookInstanceName()), NotebookEvent.UPDATE, NotebookState.UPDATING,
        document -> rules.changed(caller, document, asked));
    return UpdateNotebookInstanceOutput.builder().build();
  }

  CreatePresignedNotebookInstanceUrlOutput createPresignedNotebookInstanceUrl(
      Caller caller, CreatePresignedNotebookInstanceUrlInput request) {
    NotebookInstance notebook = require(caller, request.notebookInstanceName());
    if (notebook.state() != NotebookState.IN_SERVICE) {
      throw Fault.validation("Status (" + notebook.state().status() + ") not in ([InService]). Unable to create a"
          + " presigned URL for Notebook Instance (" + notebook.arn() + ").");
    }
    int session = request.sessionExpirationDurationInSeconds() == null ? SESSION_SECONDS
        : request.sessionExpirationDurationInSeconds();
    String landing = "/lab" + notebook.text(NotebookInstance.DEFAULT_REPOSITORY)
        .map(each -> "/tree/" + NotebookWorkload.folder(choices.repository(caller, each))).orElse("");
    String label = NotebookWorkload.label(notebook.arn());
    String secret = entries.presign(new Entries.Target(label, notebook.arn().toString(), landing, Optional.empty()), URL_LIFE,
        Duration.ofSeconds(session));
    return CreatePresignedNotebookInstanceUrlOutput.builder()
        .authorizedUrl(origins.apply(label) + "/.atelier/enter?token=" + secret).build();
  }
}
