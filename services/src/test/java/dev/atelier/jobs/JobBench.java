package dev.atelier.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atelier.compute.ComputeBackend;
import dev.atelier.compute.FakeComputeBackend;
import dev.atelier.compute.Image;
import dev.atelier.identity.IdentityFeature;
import dev.atelier.identity.RequestAccess;
import dev.atelier.identity.Users;
import dev.atelier.identity.Bootstrap;
import dev.atelier.kernel.AccountId;
import dev.atelier.kernel.Caller;
import dev.atelier.kernel.Identity;
import dev.atelier.kernel.Region;
import dev.atelier.kms.Keyring;
import dev.atelier.kms.KmsFeature;
import dev.atelier.logs.LogsFeature;
import dev.atelier.metadata.DataFolder;
import dev.atelier.metadata.MetadataStore;
import dev.atelier.metadata.Secrets;
import dev.atelier.metadata.TagStore;
import dev.atelier.objects.BodyChecks;
import dev.atelier.objects.Conditions;
import dev.atelier.objects.ObjectAttributes;
import dev.atelier.objects.ObjectReader;
import dev.atelier.objects.ObjectStore;
import dev.atelier.operation.OperationTable;
import dev.atelier.runtimes.PreparedImage;
import dev.atelier.s3.S3Feature;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * What features that run workloads need, over a folder, with programs that are scripts: opened again over the same
 * folder and backend, it is the server after a kill.
 */
public final class JobBench implements AutoCloseable {
  public static final AccountId ACCOUNT = new AccountId("123456789012");
  public static final Region REGION = new Region("us-east-1");
  public static final Caller CALLER = new Caller(ACCOUNT, REGION, new Identity.Root(), "AKIDEXAMPLE");
  public static final String ROLE = "arn:aws:iam::123456789012:role/service-role/AtelierExecutionRole";
  public static final String BUCKET = "data";
  private static final Duration DEADLINE = Duration.ofSeconds(90);

  private final Deque<AutoCloseable> opened = new ArrayDeque<>();
  private final List<MetricSink.Value> published = new CopyOnWriteArrayList<>();
  private final MetricSink measured = (account, region, namespace, values) -> published.addAll(values);
  private final OperationTable operations = new OperationTable();
  private final ComputeBackend backend;
  private final MetadataStore metadata;
  private final ObjectStore objects;
  private final IdentityFeature identity;
  private final JobPlatform platform;

  public JobBench(Path root, ComputeBackend backend, Clock clock) {
    this.backend = backend;
    DataFolder folder = keep(DataFolder.open(root));
    metadata = keep(MetadataStore.open(folder.metaDatabase(), "db/meta"));
    Secrets secrets = Secrets.open(folder.keys());
    objects = keep(ObjectStore.open(folder.objectRoot(), clock));
    objects.buckets().create(BUCKET, ACCOUNT, REGION);
    identity = IdentityFeature.open(metadata, secrets, clock, operations);
    Users.NewKey key = Bootstrap.newAdministratorKey(clock);
    identity.bootstrap().defaultAccount(ACCOUNT, key.key().id(), key.secret());
    Keyring keyring =
        KmsFeature.open(metadata, new TagStore(), secrets, identity.authoriser(), clock, operations);
    S3Feature s3 = S3Feature.open(objects, keyring, operations);
    RequestAccess access = new RequestAccess(s3::holding);
    LogsFeature logs = keep(LogsFeature.open(folder.logs(),
        new LogsFeature.Needs(metadata, new TagStore(), measured, clock), operations));
    platform = new JobPlatform(metadata, new TagStore(), identity.sessions(),
        new JobRoles(identity.sessions(), identity.authoriser(), access, s3, keyring),
        (request, progress) -> new PreparedImage(
            new Image.Layered(List.of(), Map.of()), List.of(), List.of("train"), List.of("serve"), List.of("differs")),
        backend, new Capacity(8, 32L << 30, Capacity.Policy.DEFAULT), new StagingArea(folder.run().resolve("staging")),
        new JobLogs(logs.sink(), clock), measured, keep(new LogPump(backend, clock)), new LiveWorkloads(), clock);
  }

  /** Over a backend whose programs print a line and run on. */
  static JobBench idle(Path root) {
    return new JobBench(root,
        new FakeComputeBackend(host -> FakeComputeBackend.Script.running("up\n"), Clock.systemUTC()),
        Clock.systemUTC());
  }

  /** What a job of the role sees. */
  RoleObjects roleObjects() {
    return platform.roles().objects(ROLE, REGION, "job");
  }

  /** What was published as metrics, in order. */
  public List<MetricSink.Value> published() {
    return List.copyOf(published);
  }

  /** Closes with the bench, before what it stands on. */
  public <T extends AutoCloseable> T keep(T part) {
    opened.push(part);
    return part;
  }

  public JobPlatform platform() {
    return platform;
  }

  public OperationTable operations() {
    return operations;
  }

  public ComputeBackend backend() {
    return backend;
  }

  public ObjectStore objects() {
    return objects;
  }

  public Map<String, Object> call(String service, String operation, Map<String, Object> input) {
    return operations.find(service, operation).orElseThrow().perform(CALLER, input);
  }

  public void put(String key, String text) {
    objects.put(BUCKET, key, new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), ObjectAttributes.NONE,
        BodyChecks.NONE, Conditions.NONE);
  }

  /** Puts an object whose length is known, so that a short one lies in the index. */
  public void putSmall(String key, String text) {
    byte[] content = text.getBytes(StandardCharsets.UTF_8);
    objects.put(BUCKET, key, new ByteArrayInputStream(content), ObjectAttributes.NONE, new BodyChecks(
        OptionalLong.of(content.length), Optional.empty(), Optional.empty(), Optional.empty()), Conditions.NONE);
  }

  public String text(String key) throws IOException {
    try (ObjectReader reader = objects.open(BUCKET, key)) {
      return new String(reader.stream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** Denies the execution role an action on keys of the bucket. */
  public void deny(String action, String keys) {
    state("""
        {"Effect": "Deny", "Action": "%s", "Resource": "arn:aws:s3:::%s/%s"}""".formatted(action, BUCKET, keys));
  }

  /** Gives the execution role a statement beside those that it has. */
  public void state(String statement) {
    identity.policies().putInline(identity.roles().require(ACCOUNT, Bootstrap.EXECUTION_ROLE), "deny", """
        {"Version": "2012-10-17", "Statement": %s}""".formatted(statement));
  }

  /** The messages of a log stream. */
  public List<String> log(String group, String prefix) {
    Map<String, Object> found = call("logs", "FilterLogEvents",
        Map.of("logGroupName", group, "logStreamNamePrefix", prefix));
    return ((List<?>) found.getOrDefault("events", List.of())).stream()
        .map(event -> (String) ((Map<?, ?>) event).get("message")).toList();
  }

  public static void await(String what, BooleanSupplier holds) {
    long end = System.nanoTime() + DEADLINE.toNanos();
    while (!holds.getAsBoolean()) {
      assertThat(System.nanoTime()).as(what + " in time").isLessThan(end);
      LockSupport.parkNanos(1_000_000);
    }
  }

  @Override
  public void close() throws Exception {
    while (!opened.isEmpty()) {
      opened.pop().close();
    }
  }
}
