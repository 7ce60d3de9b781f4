package dev.atelier.studio;

import dev.atelier.compute.WorkloadEvent;
import dev.atelier.compute.WorkloadId;
import dev.atelier.entry.Entries;
import dev.atelier.entry.ProgramProbe;
import dev.atelier.entry.Programs;
import dev.atelier.jobs.JobPlatform;
import dev.atelier.kernel.Arn;
import dev.atelier.kernel.Caller;
import dev.atelier.operation.OperationTable;
import dev.atelier.usage.UsageFeature;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** Studio, assembled. */
public final class StudioFeature implements AutoCloseable {
  private final StudioStore store;
  private final ResourceLife life;
  private final AppStore apps;
  private final AppPrograms programs;
  private final AppAccess access;
  private final KernelApps kernelApps;
  private final IdleApps idle;

  /**
   * Builds the feature and registers its operations; nothing is done before {@link #resume}.
   *
   * @param entries who may enter apps
   * @param tokens what apps' programs take as proof that a request may pass; the same after a restart
   * @param origins the origin of the host that begins with a label
   */
  public StudioFeature(JobPlatform platform, OperationTable table, Entries entries,
      Function<WorkloadId, String> tokens, UnaryOperator<String> origins) {
    store = new StudioStore(platform.metadata(), platform.tags(), platform.clock());
    life = new ResourceLife(store);
    StudioImages images = new StudioImages(store, platform.images());
    SettingsCheck settings = new SettingsCheck(store, platform.sessions(), images);
    new StudioWorks(store, new Homes(platform.backend()), images, platform.sessions()).tell(life);
    new DomainApi(store, life, settings).register(table);
    new UserProfileApi(store, life, settings).register(table);
    new SpaceApi(store, life, settings).register(table);
    new ImageApi(store, life).register(table);
    new ImageVersionApi(store, life).register(table);
    new AppImageConfigApi(store).register(table);
    new LifecycleConfigApi(store).register(table);
    new NotebookLifecycleApi(store).register(table);
    new CodeRepositoryApi(store).register(table);
    apps = new AppStore(platform.metadata(), platform.tags(), platform.clock());
    programs = new AppPrograms(platform, store, apps, tokens);
    AppApi api = new AppApi(store, apps, programs, settings, images);
    api.register(table);
    AppOpeningApi opening = new AppOpeningApi(store, apps, table, entries, origins);
    opening.register();
    kernelApps = new KernelApps(store, apps, programs, images);
    access = new AppAccess(apps, programs, opening, platform.backend(), tokens, platform.clock());
    idle = new IdleApps(store, apps, new Apps(apps, programs),
        new JupyterActivity(new ProgramProbe(platform.backend()), tokens), programs::note);
  }

  /** Counts what runs already; called once at start-up, before anything asks for capacity. */
  public void adopt() {
    programs.adopt();
  }

  /** Takes up what was being made, changed or removed. */
  public void resume() {
    life.resume();
    programs.resume();
    idle.start();
  }

  /** Takes in what the backend tells of a host. */
  public void observed(WorkloadEvent event) {
    programs.observed(event);
  }

  /** Apps, as the kernels in them see them. */
  public KernelApps kernelApps() {
    return kernelApps;
  }

  /** Apps that nobody uses. */
  public IdleApps idle() {
    return idle;
  }

  /**
   * Who apps and notebook jobs are for, and what they use.
   *
   * @param notebookJobs the profile or space that a training job runs a notebook for
   */
  public UsageFeature.Studio usage(Function<Arn, Optional<Arn>> notebookJobs) {
    return new AppUsage(store, apps, notebookJobs);
  }

  /** Apps, as those who enter them see them. */
  public Programs access() {
    return access;
  }

  /**
   * Makes the domain {@code default} with the profile {@code default} for an account that never had them; what a user
   * has deleted since stays deleted.
   *
   * @param caller the account and the region
   * @param executionRole the role that apps run with
   */
  public void firstDomain(Caller caller, Arn executionRole) {
    Map<String, Object> wanted = Map.of("DomainName", "default", "AuthMode", "IAM",
        "DefaultUserSettings", Map.of("ExecutionRole", executionRole.toString(),
            "SharingSettings", Map.of("NotebookOutputOption", "Allowed")),
        "DefaultSpaceSettings", Map.of("ExecutionRole", executionRole.toString()));
    StudioResource domain = DomainApi.fresh(store, caller, wanted);
    StudioResource profile = StudioResource.fresh(ResourceKind.USER_PROFILE, caller, domain.name(), "default",
        Map.of(), ResourceState.PENDING, store.now());
    boolean first = store.rows().write(tx -> {
      boolean fresh = tx.createUpdate("insert into studio_first values (:account, :now) on conflict do nothing")
          .bind("account", caller.account().value()).bind("now", store.now().toEpochMilli()).execute() == 1;
      if (fresh) {
        store.insert(tx, domain, Map.of(), "");
        store.insert(tx, profile.numbered(StudioStore.next(tx, domain.arn().toString())),
            Map.of("sagemaker:domain-arn", domain.arn().toString()), "");
      }
      return fresh;
    });
    if (first) {
      store.find(domain.arn()).ifPresent(life::act);
      store.find(profile.arn()).ifPresent(life::act);
    }
  }

  /** Whether a resource of this ARN exists. */
  public boolean exists(Arn arn) {
    return store.find(arn).isPresent() || apps.find(arn).isPresent();
  }

  @Override
  public void close() {
    idle.close();
    programs.close();
    life.close();
  }
}
