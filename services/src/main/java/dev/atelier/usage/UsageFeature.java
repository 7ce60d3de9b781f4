package dev.atelier.usage;

import dev.atelier.compute.WorkloadEvent;
import dev.atelier.jobs.JobPlatform;
import dev.atelier.jobs.LiveWorkloads;
import dev.atelier.kernel.AccountId;
import dev.atelier.kernel.Arn;
import dev.atelier.kernel.Caller;
import dev.atelier.kernel.Region;
import dev.atelier.operation.OperationTable;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** The ledger and the budgets, assembled. */
public final class UsageFeature implements AutoCloseable {
  private static final String TUNING = "hyper-parameter-tuning-job/";

  private final Ledger ledger;
  private final Budgets budgets;
  private final LedgerStore store;
  private final LiveWorkloads live;
  private final Studio studio;
  private final Function<Arn, Optional<Use>> uses;

  /** What Studio knows of who its apps are for. */
  public interface Studio {
    /** What an app uses; empty for ARNs of other resources, and for apps that are not billed. */
    Optional<Use> use(Arn app);

    /** Whose an app will be that is asked for; empty when it is not billed. */
    Optional<Payer> payer(Caller caller, Map<String, Object> createApp);

    /** Whose a training job will be that is asked for; empty for one that runs no notebook of Studio's. */
    Optional<Payer> jobPayer(Caller caller, Map<String, Object> createTrainingJob);

    /** Whose an app is; empty for ARNs of other resources. */
    Optional<Payer> payer(Arn app);

    /** The members of the request that deletes an app; empty for ARNs of other resources. */
    Optional<Map<String, Object>> deletion(Arn app);
  }

  /**
   * Something that runs and is billed.
   *
   * @param operation of SageMaker's, which ends it
   * @param request its members
   */
  public record Running(Arn resource, Payer payer, String operation, Map<String, Object> request) {}

  /**
   * Builds the feature over operations that are registered already.
   *
   * @param others what resources other than apps use
   */
  public UsageFeature(JobPlatform platform, OperationTable table, Studio studio,
      List<Function<Arn, Optional<Use>>> others) {
    this.studio = studio;
    store = new LedgerStore(platform.metadata());
    live = platform.live();
    uses = arn -> studio.use(arn).or(() -> others.stream().flatMap(each -> each.apply(arn).stream()).findFirst());
    ledger = new Ledger(store, live, platform.backend(), uses, platform.clock());
    budgets = new Budgets(platform.metadata(), store, platform.clock());
    Admission.Payers payers = new Admission.Payers(store, platform.sessions(), platform.live(), studio);
    Admission.OPERATIONS.keySet().forEach(operation ->
        table.watch("sagemaker", operation, new Admission(operation, store, budgets, payers)));
  }

  /** Closes what ended while no server ran; called once, before events of the backend arrive. */
  public void resume() {
    ledger.start();
  }

  /** Takes in what the backend tells of a host; called before anybody acts on it. */
  public void observed(WorkloadEvent event) {
    ledger.observed(event);
  }

  /** What runs in an account's region and is billed. */
  public List<Running> running(AccountId account, Region region) {
    return live.ids().stream().flatMap(id -> live.find(id).stream()).map(LiveWorkloads.Owner::arn).distinct()
        .flatMap(arn -> uses.apply(arn).stream())
        .filter(use -> use.account().equals(account) && use.region().equals(region))
        .sorted(Comparator.comparing(use -> use.resource().toString())).flatMap(use -> running(use).stream()).toList();
  }

  private Optional<Running> running(Use use) {
    String name = use.resource().resource().substring(use.resource().resource().indexOf('/') + 1);
    Payer payer = use.payer().or(() -> store.creator(use.origin().toString())).orElse(Payer.UNKNOWN);
    return switch (use.kind()) {
      case "App" -> studio.deletion(use.resource())
          .map(request -> new Running(use.resource(), payer, "DeleteApp", request));
      case "NotebookInstance" -> Optional.of(new Running(use.resource(), payer, "StopNotebookInstance",
          Map.of("NotebookInstanceName", name)));
      case "TrainingJob" -> Optional.of(training(use, payer, name));
      case "ProcessingJob" -> Optional.of(new Running(use.resource(), payer, "StopProcessingJob",
          Map.of("ProcessingJobName", name)));
      case "Endpoint" -> Optional.of(new Running(use.resource(), payer, "DeleteEndpoint", Map.of("EndpointName", name)));
      default -> Optional.empty();
    };
  }

  /** A tuned training job ends with its tuning job, which would go on with the next. */
  private static Running training(Use use, Payer payer, String name) {
    String origin = use.origin().resource();
    return origin.startsWith(TUNING)
        ? new Running(use.resource(), payer, "StopHyperParameterTuningJob",
            Map.of("HyperParameterTuningJobName", origin.substring(TUNING.length())))
        : new Running(use.resource(), payer, "StopTrainingJob", Map.of("TrainingJobName", name));
  }

  /** Throws the Fault that refuses a training job to whoever asked for its tuning job, whose budget is spent. */
  public void requireBudget(Arn tuningJob) {
    store.creator(tuningJob.toString()).ifPresent(payer -> budgets.require(new AccountId(tuningJob.account()),
        new Region(tuningJob.region()), payer, "The training job"));
  }

  public Ledger ledger() {
    return ledger;
  }

  public Budgets budgets() {
    return budgets;
  }

  @Override
  public void close() {
    ledger.close();
  }
}
