package dev.atelier.server;

import dev.atelier.compute.ComputeBackend;
import dev.atelier.compute.Image;
import dev.atelier.compute.WorkloadEvent;
import dev.atelier.compute.WorkloadId;
import dev.atelier.compute.oci.Engine;
import dev.atelier.ecr.EcrFeature;
import dev.atelier.ecr.EngineImages;
import dev.atelier.entry.Access;
import dev.atelier.entry.Entries;
import dev.atelier.hosting.HostingFeature;
import dev.atelier.identity.IdentityFeature;
import dev.atelier.identity.RequestAccess;
import dev.atelier.jobs.Capacity;
import dev.atelier.jobs.JobLogs;
import dev.atelier.jobs.JobPlatform;
import dev.atelier.jobs.JobRoles;
import dev.atelier.jobs.LiveWorkloads;
import dev.atelier.jobs.LogPump;
import dev.atelier.jobs.QueueNews;
import dev.atelier.jobs.StagingArea;
import dev.atelier.jobs.Utilisation;
import dev.atelier.kernel.AccountId;
import dev.atelier.kms.KmsFeature;
import dev.atelier.kms.Keyring;
import dev.atelier.logs.LogsFeature;
import dev.atelier.metadata.DataFolder;
import dev.atelier.metadata.MetadataStore;
import dev.atelier.metadata.Secrets;
import dev.atelier.metadata.TagStore;
import dev.atelier.metrics.MetricsFeature;
import dev.atelier.notebook.NotebookFeature;
import dev.atelier.objects.ObjectStore;
import dev.atelier.operation.OperationTable;
import dev.atelier.processing.ProcessingFeature;
import dev.atelier.runtimes.RuntimeCatalogue;
import dev.atelier.s3.AccountDirectory;
import dev.atelier.s3.S3Feature;
import dev.atelier.search.SearchApi;
import dev.atelier.search.Searchable;
import dev.atelier.server.apps.AppHandler;
import dev.atelier.server.apps.EnteredApps;
import dev.atelier.server.apps.HomeNotebooks;
import dev.atelier.server.apps.NotebookJobRoutes;
import dev.atelier.server.apps.OpenSockets;
import dev.atelier.server.apps.RoleCalls;
import dev.atelier.server.apps.SnapshotRoutes;
import dev.atelier.server.apps.StudioSide;
import dev.atelier.server.config.ServerConfig;
import dev.atelier.server.console.Console;
import dev.atelier.server.console.StopAll;
import dev.atelier.server.console.UsageEndpoint;
import dev.atelier.server.door.CredentialsHandler;
import dev.atelier.server.door.DoorTokens;
import dev.atelier.server.door.Doors;
import dev.atelier.server.door.Egress;
import dev.atelier.server.door.EgressProxy;
import dev.atelier.server.door.OutboundCalls;
import dev.atelier.server.http.ApiFront;
import dev.atelier.server.http.Dispatcher;
import dev.atelier.server.http.SpotInterruptions;
import dev.atelier.server.registry.RegistryEndpoint;
import dev.atelier.server.tls.CertificateAuthority;
import dev.atelier.server.tls.HostIdentity;
import dev.atelier.server.tls.OutboundTrust;
import dev.atelier.server.tls.SniKeyManager;
import dev.atelier.server.tls.TrustBundle;
import dev.atelier.studio.KernelApps;
import dev.atelier.studio.SpaceConditions;
import dev.atelier.studio.StudioBucket;
import dev.atelier.studio.StudioFeature;
import dev.atelier.studio.jobs.NotebookJobs;
import dev.atelier.studio.kernels.Gateways;
import dev.atelier.studio.kernels.Kernels;
import dev.atelier.studio.kernels.Terminals;
import dev.atelier.studio.sharing.Snapshots;
import dev.atelier.tags.TagApi;
import dev.atelier.training.TrainingFeature;
import dev.atelier.trialmetrics.JobComponents;
import dev.atelier.trialmetrics.TrialMetricsFeature;
import dev.atelier.tuning.TuningFeature;
import dev.atelier.usage.UsageFeature;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** All wiring, by hand, top to bottom; what is opened is closed in reverse order. */
final class PlatformAssembly {
  private final Deque<AutoCloseable> opened;
  private final ApiFront front;
  private final URI url;

  PlatformAssembly(DataFolder folder, Path cache, ServerConfig config, Binding binding, Clock clock,
      Deque<AutoCloseable> opened) throws Exception {
    this.opened = opened;
    Secrets secrets = Secrets.open(folder.keys());
    MetadataStore metadata = keep(MetadataStore.open(folder.metaDatabase(), "db/meta"));
    ObjectStore objects = keep(ObjectStore.open(folder.objectRoot(), clock));
    TagStore tags = new TagStore();
    OperationTable operations = new OperationTable();

    // identity first: everything below asks it
    OutboundCalls outbound = keep(new OutboundCalls(egress(config), OutboundTrust.of(config.trustedCertificates())));
    IdentityFeature identity = keep(IdentityFeature.open(metadata, secrets, clock, operations, outbound,
        config.issuers()));
    Keyring keyring = KmsFeature.open(metadata, tags, secrets, identity.authoriser(), clock, operations);
    S3Feature s3 = S3Feature.open(objects, keyring, new AccountDirectory(identity.authoriser()::accounts, config.emails(),
        identity.resources()::isPrincipal), config.encryptByDefault(), operations);
    AccountId first = FirstContent.apply(folder.root(), config, identity.bootstrap(), objects, clock);
    MetricsFeature metrics = keep(MetricsFeature.open(folder.metrics(), metadata, tags, clock, operations));
    LogsFeature logs = keep(LogsFeature.open(folder.logs(),
        new LogsFeature.Needs(metadata, tags, metrics.sink(), clock), operations));
    Clock ruleClock = Clock.offset(clock, Duration.ofDays(config.lifecycle().clockOffsetDays()));
    ObjectStore layers = keep(ObjectStore.open(folder.registry(), clock));
    EcrFeature ecr = EcrFeature.open(new EcrFeature.Needs(metadata, layers, tags, secrets, keyring, clock, ruleClock),
        identity, () -> binding.url(port()), operations);
    if (config.scrub().everyDays() > 0) {
      Duration every = Duration.ofDays(config.scrub().everyDays());
      long bytesPerSecond = config.scrub().mebibytesPerSecond() * 1024L * 1024;
      objects.scrubber().start(s3.ownKeys(), every, bytesPerSecond);
      layers.scrubber().start(ecr.ownKeys(), every, bytesPerSecond);
    }
    RequestAccess access = new RequestAccess(s3::holding, s3::objectTags,
        arn -> metadata.read(tx -> tags.all(tx, arn)), Optional.of(identity.resources()), logs::groupsOf,
        new SpaceConditions(metadata), ecr::holding);

    // sandboxes' doors are there before the backend; they answer when all is known, as the port does
    LiveWorkloads live = new LiveWorkloads();
    CertificateAuthority authority = CertificateAuthority.open(folder.keys(), clock);
    HostIdentity hosts = binding.identity(folder.keys(), clock);
    String trusted = authority.pem() + hosts.pem();
    Path trust = TrustBundle.write(folder.root(), trusted);
    DoorTokens doorTokens = new DoorTokens(KeyFile.open(folder.keys(), "door-key"));
    Dispatcher dispatcher = new Dispatcher(operations, identity, access, s3, clock);
    Console console = new Console(dispatcher, identity, clock);
    metadata.watch(console::changed);
    front = keep(new ApiFront(new ApiFront.Access(binding.address(), binding.plainHttp(), hosts,
        new SniKeyManager(authority, hosts, clock), trusted, ProxyToken.open(folder.keys())), dispatcher,
        identity.credentials(), clock, console, new RegistryEndpoint(ecr.registry(access))::answer,
        (api, ownPort) -> new CredentialsHandler(new EgressProxy(api, egress(config), live, ownPort), doorTokens, live, identity.sessions(), clock)));
    front.start();

    // compute, and the jobs that run on it
    Optional<Engine> engine = Compute.engine(config);
    engine.ifPresent(this::keep);
    ComputeBackend backend =
        keep(Compute.open(folder.run(), config, engine, new Doors(front, doorTokens), clock));
    Optional<EngineImages> copies = engine.map(each -> ecr.copies(each, folder.root()));
    JobLogs jobLogs = new JobLogs(logs.sink(), clock);
    StagingArea staging = new StagingArea(folder.run().resolve("staging"));
    LogPump pump = keep(new LogPump(backend, clock));
    JobRoles roles = new JobRoles(identity.sessions(), identity.authoriser(), access, s3, keyring);
    TrialMetricsFeature trialMetrics = new TrialMetricsFeature(metadata);
    JobPlatform platform = new JobPlatform(metadata, tags, identity.sessions(), roles,
        ecr.images(access, roles, new RuntimeCatalogue(cache, Program.python(), Program.algorithms(), Program.lab(),
            trust, config.images(), config.packageIndexes()), copies,
            List.of(new Image.Layer(trust, Doors.TRUST_FOLDER))), backend,
        Machine.capacity(config.capacity(), Compute.config(folder.run(), config).gpus(), clock), staging, jobLogs,
        trialMetrics.beside(metrics.sink()), pump, live, clock);
    keep(new QueueNews(platform.capacity()));
    TrainingFeature training = keep(new TrainingFeature(platform, operations,
        new TrainingFeature.Settings(config.spot().market(), config.mounted())));
    front.own(SpotInterruptions.PATH, new SpotInterruptions(identity.credentials(), identity.authoriser(),
        access, training::interrupt, clock)::answer);
    ProcessingFeature processing = keep(new ProcessingFeature(platform, operations));
    TuningFeature tuning = keep(new TuningFeature(platform, training.tuned(), operations));
    trialMetrics.register(new JobComponents(arn -> training.exists(arn) || processing.exists(arn)), clock, operations);
    HostingFeature hosting = keep(new HostingFeature(platform, operations));
    List<Searchable> searchables = new ArrayList<>(List.of(training.searchable(), tuning.searchable()));
    searchables.addAll(hosting.searchables());
    new SearchApi(searchables).register(operations);
    Entries entries = new Entries(metadata, clock);
    Function<WorkloadId, String> appTokens = new DoorTokens(KeyFile.open(folder.keys(), "app-key"))::of;
    StudioFeature studio = keep(new StudioFeature(platform, operations, entries,
        appTokens, label -> binding.origin(label, front.port())));
    KernelApps kernelApps = studio.kernelApps();
    RoleCalls roleCalls = new RoleCalls(dispatcher, roles);
    HomeNotebooks homeNotebooks = keep(new HomeNotebooks(kernelApps::pages, backend, appTokens));
    DoorTokens kernelKeys = new DoorTokens(KeyFile.open(folder.keys(), "kernel-key"));
    Gateways gateways = new Gateways(kernelApps, roleCalls, backend);
    Kernels kernels = keep(new Kernels(new Kernels.Needs(metadata, kernelApps, gateways, homeNotebooks,
        id -> kernelKeys.of(new WorkloadId(id.replace("-", ""))), folder.run().resolve("kernels"), clock)));
    Terminals terminals = keep(new Terminals(metadata, kernelApps, gateways, clock));
    StudioBucket studioBucket = new StudioBucket(roles, roleCalls);
    Snapshots snapshots = new Snapshots(metadata, kernelApps, homeNotebooks, studioBucket, clock);
    NotebookJobs notebookJobs = keep(new NotebookJobs(metadata, kernelApps, homeNotebooks, studioBucket, roleCalls, clock));
    NotebookJobRoutes jobRoutes = new NotebookJobRoutes(notebookJobs);
    OpenSockets sockets = keep(new OpenSockets());
    StudioSide studioSide = keep(new StudioSide(new StudioSide.Answers(kernelApps, kernels, terminals, homeNotebooks,
        studio.idle()), roleCalls, platform.capacity(), Map.of(
        "snapshots", new SnapshotRoutes(snapshots, () -> binding.console(front.port())),
        "notebook-jobs", jobRoutes::jobs, "notebook-job-definitions", jobRoutes::definitions), sockets));
    NotebookFeature notebooks = keep(new NotebookFeature(platform, operations, entries, appTokens,
        label -> binding.origin(label, front.port())));
    UsageFeature usage = keep(new UsageFeature(platform, operations, studio.usage(notebookJobs::owner),
        List.of(training::use, processing::use, hosting::use, notebooks::use)));
    tuning.budget(usage::requireBudget);
    console.usage(new UsageEndpoint(identity.consoleSessions(), identity.authoriser(), usage,
        new StopAll(dispatcher, usage), studio.idle(), snapshots, clock));
    new TagApi(metadata, tags, arn -> training.exists(arn) || processing.exists(arn) || tuning.exists(arn)
        || hosting.exists(arn) || studio.exists(arn) || notebooks.exists(arn)).register(operations);

    // reconcile: what the stores say lives is taken up, what else the backend found is ended
    hosting.adopt();
    training.adopt();
    processing.adopt();
    studio.adopt();
    notebooks.adopt();
    hosting.resume();
    training.resume();
    processing.resume();
    studio.resume();
    notebooks.resume();
    kernels.resume();
    terminals.resume();
    notebookJobs.resume();
    FirstContent.studio(studio, first);
    backend.list().keySet().stream().filter(id -> live.find(id).isEmpty()).forEach(backend::remove);
    identity.sessions().retain(id -> live.find(new WorkloadId(id)).isPresent());
    staging.retain(name -> live.find(new WorkloadId(name)).isPresent());
    usage.resume();
    backend.watch((WorkloadEvent event) -> {
      usage.observed(event);
      training.observed(event);
      processing.observed(event);
      hosting.observed(event);
      studio.observed(event);
      notebooks.observed(event);
    });
    tuning.resume();
    keep(new Utilisation(backend, live, metrics.sink(), hosting::variant, clock)).every(config.utilisationSeconds());
    keep(s3.lifecycle(ruleClock)).every(config.lifecycle().everySeconds());
    keep(ecr.upkeep(ruleClock, copies)).every(config.lifecycle().everySeconds());
    front.apps(new AppHandler(new EnteredApps(new Access(entries, List.of(studio.access(), notebooks.access()))),
        studioSide, sockets));
    front.openPort();
    url = binding.url(front.port());
  }

  private <T extends AutoCloseable> T keep(T part) {
    opened.push(part);
    return part;
  }

  private int port() {
    return front.port();
  }

  private static Egress egress(ServerConfig config) {
    Set<String> indexes = config.packageIndexes().stream().map(index -> URI.create(index).getHost())
        .collect(Collectors.toSet());
    return new Egress(Egress.Mode.valueOf(config.egress().toUpperCase(Locale.ROOT)), config.egressAllow(), indexes);
  }

  URI url() {
    return url;
  }

  void join() throws InterruptedException {
    front.join();
  }
}
