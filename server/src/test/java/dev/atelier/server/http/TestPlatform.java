package dev.atelier.server.http;

import dev.atelier.compute.FakeComputeBackend;
import dev.atelier.ecr.EcrFeature;
import dev.atelier.entry.Entries;
import dev.atelier.hosting.HostingFeature;
import dev.atelier.identity.Bootstrap;
import dev.atelier.identity.IdentityFeature;
import dev.atelier.identity.Outbound;
import dev.atelier.identity.RequestAccess;
import dev.atelier.identity.SingleSignOn;
import dev.atelier.identity.Users;
import dev.atelier.jobs.Capacity;
import dev.atelier.jobs.JobLogs;
import dev.atelier.jobs.JobPlatform;
import dev.atelier.jobs.JobRoles;
import dev.atelier.jobs.LiveWorkloads;
import dev.atelier.jobs.LogPump;
import dev.atelier.jobs.StagingArea;
import dev.atelier.kernel.AccountId;
import dev.atelier.kms.Keyring;
import dev.atelier.kms.KmsFeature;
import dev.atelier.logs.LogsFeature;
import dev.atelier.metadata.DataFolder;
import dev.atelier.metadata.MetadataStore;
import dev.atelier.metadata.Secrets;
import dev.atelier.metadata.TagStore;
import dev.atelier.metrics.MetricsFeature;
import dev.atelier.notebook.NotebookFeature;
import dev.atelier.objects.ObjectStore;
import dev.atelier.operation.OperationTable;
import dev.atelier.runtimes.ImageException;
import dev.atelier.s3.S3Feature;
import dev.atelier.studio.SpaceConditions;
import dev.atelier.studio.StudioFeature;
import dev.atelier.tags.TagApi;
import dev.atelier.training.TrainingFeature;
import dev.atelier.trialmetrics.JobComponents;
import dev.atelier.trialmetrics.TrialMetricsFeature;
import dev.atelier.tuning.TuningFeature;
import dev.atelier.search.SearchApi;
import dev.atelier.search.Searchable;
import dev.atelier.server.console.Console;
import dev.atelier.server.registry.RegistryEndpoint;
import dev.atelier.server.tls.CertificateAuthority;
import dev.atelier.server.tls.HostIdentity;
import dev.atelier.server.tls.SniKeyManager;
import dev.atelier.wire.Headers;
import dev.atelier.wire.SigV4Signer;
import dev.atelier.wire.WireRequest;
import dev.atelier.wire.WireResponse;
import java.io.ByteArrayInputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Every feature over a temporary folder, with nothing that needs a sandbox; requests are signed as the administrator. */
public final class TestPlatform implements AutoCloseable {
  private static final String HOST = "127.0.0.1";

  private final Deque<AutoCloseable> opened = new ArrayDeque<>();
  private final OperationTable operations = new OperationTable();
  private final Dispatcher dispatcher;
  private final Console console;
  private final RegistryEndpoint registry;
  private final RequestAccess access;
  private final IdentityFeature identity;
  private final Path keys;
  private final Users.NewKey key;
  private final Clock clock;

  public TestPlatform(Path root) throws Exception {
    this(root, Outbound.none(), Clock.systemUTC());
  }

  /** @param outbound how the issuers of web identities are reached */
  public TestPlatform(Path root, Outbound outbound, Clock clock) throws Exception {
    this(root, outbound, clock, List.of());
  }

  /** @param issuers whose people may sign in at the console */
  TestPlatform(Path root, Outbound outbound, Clock clock, List<SingleSignOn.Provider> issuers) throws Exception {
    this.clock = clock;
    DataFolder folder = keep(DataFolder.open(root));
    keys = folder.keys();
    MetadataStore metadata = keep(MetadataStore.open(folder.metaDatabase(), "db/meta"));
    Secrets secrets = Secrets.open(folder.keys());
    ObjectStore objects = keep(ObjectStore.open(folder.objectRoot(), clock));
    TagStore tags = new TagStore();
    identity = IdentityFeature.open(metadata, secrets, clock, operations, outbound, issuers);
    key = Bootstrap.newAdministratorKey(clock);
    identity.bootstrap().defaultAccount(new AccountId("123456789012"), key.key().id(), key.secret());
    Keyring keyring = KmsFeature.open(metadata, tags, secrets, identity.authoriser(), clock, operations);
    S3Feature s3 = S3Feature.open(objects, keyring, operations);
    EcrFeature ecr = EcrFeature.open(new EcrFeature.Needs(metadata, keep(ObjectStore.open(folder.registry(), clock)), tags,
        secrets, keyring, clock, clock), identity, () -> URI.create("http://127.0.0.1"), operations);
    MetricsFeature metrics = keep(MetricsFeature.open(folder.metrics(), metadata, tags, clock, operations));
    LogsFeature logs = keep(LogsFeature.open(folder.logs(),
        new LogsFeature.Needs(metadata, tags, metrics.sink(), clock), operations));
    access = new RequestAccess(s3::holding, s3::objectTags, arn -> metadata.read(tx -> tags.all(tx, arn)),
        Optional.of(identity.resources()), logs::groupsOf,
        new SpaceConditions(metadata), ecr::holding);
    registry = new RegistryEndpoint(ecr.registry(access));
    FakeComputeBackend backend = keep(new FakeComputeBackend(host -> {
      throw new IllegalStateException("no program runs in this test");
    }, clock));
    JobPlatform platform = new JobPlatform(metadata, tags, identity.sessions(),
        new JobRoles(identity.sessions(), identity.authoriser(), access, s3, keyring), (image, progress) -> {
          throw new ImageException("no image is built in this test");
        }, backend, new Capacity(1, 1L << 30, Capacity.Policy.DEFAULT), new StagingArea(folder.run().resolve("staging")),
        new JobLogs(logs.sink(), clock), metrics.sink(), keep(new LogPump(backend, clock)), new LiveWorkloads(), clock);
    TrainingFeature training = keep(new TrainingFeature(platform, operations));
    new TrialMetricsFeature(metadata).register(new JobComponents(training::exists), clock, operations);
    TuningFeature tuning = keep(new TuningFeature(platform, training.tuned(), operations));
    HostingFeature hosting = keep(new HostingFeature(platform, operations));
    List<Searchable> searchables = new ArrayList<>(List.of(training.searchable(), tuning.searchable()));
    searchables.addAll(hosting.searchables());
    new SearchApi(searchables).register(operations);
    StudioFeature studio = keep(new StudioFeature(platform, operations,
        new Entries(metadata, clock), id -> "token", label -> "http://" + label + ".studio.localhost"));
    NotebookFeature notebooks = keep(new NotebookFeature(platform, operations, new Entries(metadata, clock),
        id -> "token", label -> "http://" + label + ".studio.localhost"));
    new TagApi(metadata, tags, arn -> training.exists(arn) || tuning.exists(arn) || hosting.exists(arn)
        || studio.exists(arn) || notebooks.exists(arn)).register(operations);
    dispatcher = new Dispatcher(operations, identity, access, s3, clock);
    console = new Console(dispatcher, identity, clock);
    metadata.watch(console::changed);
  }

  private <T extends AutoCloseable> T keep(T part) {
    opened.push(part);
    return part;
  }

  /** Opens a port at a loopback address; whoever calls it closes it. */
  ApiFront open() throws Exception {
    CertificateAuthority authority = CertificateAuthority.open(keys, clock);
    ApiFront front = new ApiFront(new ApiFront.Access(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), true,
        HostIdentity.local(), new SniKeyManager(authority, HostIdentity.local(), clock), "", "token"), dispatcher,
        identity.credentials(), clock, console,
        registry::answer, (api, port) -> api);
    front.start();
    front.openPort();
    return front;
  }

  /** Headers that sign a request as the administrator. */
  Map<String, String> signed(String method, URI uri, Map<String, String> headers, byte[] body, String region,
      String service) {
    return new SigV4Signer(key.key().id(), key.secret(), Optional.empty(), clock)
        .sign(method, uri, headers, body, region, service);
  }

  public RequestAccess access() {
    return access;
  }

  public OperationTable operations() {
    return operations;
  }

  /** Sends a signed request as it would arrive at the port. */
  public WireResponse send(String method, String pathAndQuery, Map<String, String> headers, byte[] body, String service) {
    URI uri = URI.create("http://" + HOST + pathAndQuery);
    return sendUnsigned(method, pathAndQuery, signed(method, uri, headers, body, "us-east-1", service), body);
  }

  /** Sends a request with these headers, whoever signed it, as it would arrive at the port. */
  public WireResponse sendUnsigned(String method, String pathAndQuery, Map<String, String> headers, byte[] body) {
    URI uri = URI.create("http://" + HOST + pathAndQuery);
    Headers sent = Headers.of("Host", HOST, "Content-Length", Integer.toString(body.length));
    headers.forEach(sent::add);
    String query = uri.getRawQuery() == null ? "" : uri.getRawQuery();
    return dispatcher.dispatch(
        new WireRequest(method, uri.getRawPath(), query, sent, new ByteArrayInputStream(body), false, ""));
  }

  @Override
  public void close() throws Exception {
    while (!opened.isEmpty()) {
      opened.pop().close();
    }
  }
}
