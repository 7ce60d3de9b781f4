package dev.atelier.usage;

import dev.atelier.identity.Sessions;
import dev.atelier.jobs.LiveWorkloads;
import dev.atelier.kernel.Arn;
import dev.atelier.kernel.Caller;
import dev.atelier.kernel.Identity;
import dev.atelier.operation.OperationTable;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Stands before the operations that start something: asks the budgets, and notes who asked. */
final class Admission implements OperationTable.Watch {
  /** The operations, with the member of their answers that names what was made. */
  static final Map<String, String> OPERATIONS = Map.of("CreateApp", "AppArn", "CreateNotebookInstance",
      "NotebookInstanceArn", "StartNotebookInstance", "", "CreateTrainingJob", "TrainingJobArn",
      "CreateProcessingJob", "ProcessingJobArn", "CreateHyperParameterTuningJob", "HyperParameterTuningJobArn",
      "CreateEndpoint", "EndpointArn");

  private static final Logger LOG = LoggerFactory.getLogger(Admission.class);

  private final String operation;
  private final LedgerStore ledger;
  private final Budgets budgets;
  private final Payers payers;

  Admission(String operation, LedgerStore ledger, Budgets budgets, Payers payers) {
    this.operation = operation;
    this.ledger = ledger;
    this.budgets = budgets;
    this.payers = payers;
  }

  /** Finds who it is that something is for. */
  static final class Payers {
    private final LedgerStore ledger;
    private final Sessions sessions;
    private final LiveWorkloads live;
    private final UsageFeature.Studio studio;

    Payers(LedgerStore ledger, Sessions sessions, LiveWorkloads live, UsageFeature.Studio studio) {
      this.ledger = ledger;
      this.sessions = sessions;
      this.live = live;
      this.studio = studio;
    }

    /** Who asks: for a program with a role's credentials, whoever the program runs for. */
    Payer of(Caller caller) {
      return sessions.workload(caller.accessKeyId()).flatMap(live::find).map(LiveWorkloads.Owner::arn)
          .flatMap(arn -> studio.payer(arn).or(() -> ledger.creator(arn.toString())))
          .orElseGet(() -> new Payer("", principal(caller)));
    }

    /** The user, or the role whatever the session. */
    private static String principal(Caller caller) {
      return caller.identity() instanceof Identity.AssumedRole role
          ? Arn.global(caller.partition(), "iam", caller.account(), "role" + role.path() + role.role()).toString()
          : caller.arn().toString();
    }
  }

  private Optional<Payer> payer(Caller caller, Map<String, Object> input) {
    return switch (operation) {
      case "CreateApp" -> payers.studio.payer(caller, input);
      case "StartNotebookInstance" -> Optional.of(ledger.creator(Arn.of("sagemaker", caller.region(), caller.account(),
          "notebook-instance/" + ((String) input.get("NotebookInstanceName")).toLowerCase(Locale.ROOT)).toString())
          .orElseGet(() -> payers.of(caller)));
      case "CreateTrainingJob" -> Optional.of(payers.studio.jobPayer(caller, input).orElseGet(() -> payers.of(caller)));
      default -> Optional.of(payers.of(caller));
    };
  }

  @Override
  public void before(Caller caller, Map<String, Object> input) {
    payer(caller, input).ifPresent(payer ->
        budgets.require(caller.account(), caller.region(), payer, operation.replaceFirst("Create|Start", "The ")));
  }

  @Override
  public void after(Caller caller, Map<String, Object> input, Map<String, Object> output) {
    if (!operation.equals("CreateApp") && output.get(OPERATIONS.get(operation)) instanceof String arn) {
      try {
        payer(caller, input).ifPresent(payer -> ledger.created(arn, payer));
      } catch (RuntimeException e) {
        // it was made, and runs for nobody that is known
        LOG.warn("who asked for {} cannot be noted", arn, e);
      }
    }
  }
}
