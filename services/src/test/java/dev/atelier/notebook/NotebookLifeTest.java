package dev.atelier.notebook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atelier.compute.FakeComputeBackend;
import dev.atelier.compute.FakeComputeBackend.Ending;
import dev.atelier.compute.FakeComputeBackend.Script;
import dev.atelier.compute.HostSpec;
import dev.atelier.compute.Mount;
import dev.atelier.entry.Access;
import dev.atelier.entry.Entries;
import dev.atelier.entry.Standing;
import dev.atelier.hosting.PingServer;
import dev.atelier.jobs.JobBench;
import dev.atelier.kernel.Arn;
import dev.atelier.kernel.Fault;
import dev.atelier.studio.StudioFeature;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Notebook instances from the request to the program and back, through restarts of the server. */
class NotebookLifeTest {
  private static final String ARN = "arn:aws:sagemaker:us-east-1:123456789012:notebook-instance/";
  private static final String SCRIPT = "ZWNobwo=";

  @TempDir Path root;
  private final List<HostSpec> started = new CopyOnWriteArrayList<>();
  private Ending ending = new Ending.OnStop(143);
  private String output = "up\n";
  private PingServer program;
  private FakeComputeBackend backend;
  private JobBench bench;
  private Access access;

  @BeforeEach
  void open() throws Exception {
    program = new PingServer(root.resolve("service"));
    backend = new FakeComputeBackend(host -> {
      started.add(host);
      return new Script(output, Map.of(), ending,
          Optional.of(root.resolve("service")).filter(service -> ending instanceof Ending.OnStop));
    }, Clock.systemUTC());
    start();
  }

  private void start() {
    bench = new JobBench(root.resolve("data"), backend, Clock.systemUTC());
    Entries entries = new Entries(bench.platform().metadata(), Clock.systemUTC());
    bench.keep(new StudioFeature(bench.platform(), bench.operations(), entries, id -> "token", label -> label));
    NotebookFeature notebooks = bench.keep(new NotebookFeature(bench.platform(), bench.operations(), entries,
        id -> "token of " + id, label -> "http://" + label + ".studio.localhost:9"));
    access = new Access(entries, List.of(notebooks.access()));
    notebooks.adopt();
    notebooks.resume();
    backend.watch(notebooks::observed);
  }

  private void restart() throws Exception {
    backend.close();
    bench.close();
    start();
  }

  @AfterEach
  void close() throws Exception {
    backend.close();
    bench.close();
    program.close();
  }

  private Map<String, Object> call(String operation, Object... members) {
    Map<String, Object> request = new HashMap<>();
    for (int at = 0; at < members.length; at += 2) {
      request.put((String) members[at], members[at + 1]);
    }
    return bench.call("sagemaker", operation, request);
  }

  private Map<String, Object> create(Object... more) {
    List<Object> members = new ArrayList<>(List.of("NotebookInstanceName", "one", "InstanceType", "ml.t3.medium",
        "RoleArn", JobBench.ROLE));
    members.addAll(List.of(more));
    return call("CreateNotebookInstance", members.toArray());
  }

  private Map<String, Object> described() {
    return call("DescribeNotebookInstance", "NotebookInstanceName", "one");
  }

  private void asked(String operation) {
    call(operation + "NotebookInstance", "NotebookInstanceName", "one");
  }

  private void await(String status) {
    JobBench.await("it is " + status, () -> {
      try {
        return described().get("NotebookInstanceStatus").equals(status);
      } catch (Fault gone) {
        return status.equals("gone");
      }
    });
  }

  private void refused(String message, String operation, Object... members) {
    assertThatThrownBy(() -> call(operation, members)).isInstanceOfSatisfying(Fault.class, fault -> {
      assertThat(fault.code()).isEqualTo("ValidationException");
      assertThat(fault.getMessage()).contains(message);
    });
  }

  private String url() {
    return (String) call("CreatePresignedNotebookInstanceUrl", "NotebookInstanceName", "one").get("AuthorizedUrl");
  }

  @Test
  void itIsStartedStoppedStartedAgainAndDeletedWithItsVolume() {
    assertThat(create()).containsEntry("NotebookInstanceArn", ARN + "one");
    await("InService");
    assertThat(described()).containsEntry("DirectInternetAccess", "Enabled").containsEntry("RootAccess", "Enabled")
        .containsEntry("VolumeSizeInGB", 5).containsEntry("IpAddressType", "ipv4");
    refused("Status (InService) not in ([Stopped, Failed]). Unable to transition to (Deleting) for Notebook Instance ("
        + ARN + "one).", "DeleteNotebookInstance", "NotebookInstanceName", "one");
    refused("Status (InService) not in ([Stopped, Failed]). Unable to transition to (Updating)",
        "UpdateNotebookInstance", "NotebookInstanceName", "one", "VolumeSizeInGB", 6);
    asked("Stop");
    await("Stopped");
    assertThat(backend.list()).isEmpty();
    assertThat(backend.volumes()).hasSize(1);
    refused("Status (Stopped) not in ([InService]). Unable to transition to (Stopping)", "StopNotebookInstance",
        "NotebookInstanceName", "one");
    asked("Start");
    await("InService");
    assertThat(started).extracting(NotebookLifeTest::volume).containsExactly(volume(started.getFirst()),
        volume(started.getFirst()));
    asked("Stop");
    await("Stopped");
    asked("Delete");
    await("gone");
    assertThat(backend.volumes()).isEmpty();
    refused("RecordNotFound", "DescribeNotebookInstance", "NotebookInstanceName", "one");
    create();
    await("InService");
    assertThat(volume(started.getLast())).isNotEqualTo(volume(started.getFirst()));
  }

  private static String volume(HostSpec host) {
    return host.mounts().stream().filter(Mount.Volume.class::isInstance).map(Mount.Volume.class::cast).findFirst()
        .orElseThrow().name();
  }

  @Test
  void aServerThatWasKilledFindsItAgain() throws Exception {
    create();
    await("InService");
    var running = backend.list();
    restart();
    await("InService");
    assertThat(backend.list()).isEqualTo(running);
    assertThat(started).hasSize(1);
    asked("Stop");
    restart();
    await("Stopped");
    assertThat(backend.list()).isEmpty();
  }

  @Test
  void aUrlOpensARunningOneAndNoOtherOfItsName() {
    create();
    await("InService");
    String url = url();
    String label = (String) described().get("Url");
    assertThat(url).startsWith("http://" + label + "/.atelier/enter?token=");
    String host = label.replaceFirst("\\..*", "");
    Access.Entered entered = access.enter(host, url.replaceFirst(".*token=", "")).orElseThrow();
    assertThat(entered.landing()).isEqualTo("/lab");
    assertThat(access.standing(host, entered.token())).get().isInstanceOf(Standing.Ready.class);
    asked("Stop");
    await("Stopped");
    assertThat(access.standing(host, entered.token())).contains(
        new Standing.Ended("The notebook instance is stopped. Start it first."));
    refused("Unable to create a presigned URL", "CreatePresignedNotebookInstanceUrl", "NotebookInstanceName", "one");
    asked("Delete");
    await("gone");
    create();
    await("InService");
    assertThat(access.standing(host, entered.token())).isEmpty();
  }

  @Test
  void scriptsRunInTheirOrderAndTheFirstOneOnce() {
    call("CreateNotebookInstanceLifecycleConfig", "NotebookInstanceLifecycleConfigName", "lc", "OnCreate",
        List.of(Map.of("Content", SCRIPT)), "OnStart", List.of(Map.of("Content", SCRIPT)));
    create("LifecycleConfigName", "lc");
    await("InService");
    assertThat(started.getLast().environment().get("ATELIER_NOTEBOOK"))
        .containsSubsequence("1-OnCreate.sh", "2-OnStart.sh");
    asked("Stop");
    await("Stopped");
    asked("Start");
    await("InService");
    assertThat(started.getLast().environment().get("ATELIER_NOTEBOOK")).doesNotContain("OnCreate").contains("OnStart");
  }

  @Test
  void oneThatCannotBeStartedSaysWhyAndCanBeStartedAgain() {
    call("CreateNotebookInstanceLifecycleConfig", "NotebookInstanceLifecycleConfigName", "lc", "OnCreate",
        List.of(Map.of("Content", SCRIPT)));
    ending = new Ending.AtOnce(64);
    output = "atelier: the lifecycle script 1-OnCreate.sh is done\n[LifecycleConfigOnStart] oh\natelier: it ended\n";
    create("LifecycleConfigName", "lc");
    await("Failed");
    assertThat((String) described().get("FailureReason")).startsWith("It ended. Last lines of the log:").contains("oh");
    JobBench.await("the log", () -> bench.log("/aws/sagemaker/NotebookInstances", "one/LifecycleConfigOnStart")
        .equals(List.of("oh")));
    JobBench.await("nothing runs", () -> backend.list().isEmpty());
    ending = new Ending.OnStop(143);
    output = "again\n";
    asked("Start");
    await("InService");
    assertThat(described()).doesNotContainKey("FailureReason");
    assertThat(started.getLast().environment().get("ATELIER_NOTEBOOK")).doesNotContain("OnCreate");
    JobBench.await("the second attempt's log", () ->
        bench.log("/aws/sagemaker/NotebookInstances", "one/jupyter.log").contains("again"));
  }

  @Test
  void aScriptThatIsNoBase64FailsTheStartAndSaysSo() {
    call("CreateNotebookInstanceLifecycleConfig", "NotebookInstanceLifecycleConfigName", "lc", "OnStart",
        List.of(Map.of("Content", "echo plain text")));
    create("LifecycleConfigName", "lc");
    await("Failed");
    assertThat((String) described().get("FailureReason")).contains("OnStart script").contains("lc is not base64-encoded");
  }

  @Test
  void whatItNeedsMustBeThere() {
    refused("Notebook Instance Lifecycle Config does not exist", "CreateNotebookInstance", "NotebookInstanceName", "one",
        "InstanceType", "ml.t3.medium", "RoleArn", JobBench.ROLE, "LifecycleConfigName", "none");
    refused("Cannot find CodeRepository", "CreateNotebookInstance", "NotebookInstanceName", "one", "InstanceType",
        "ml.t3.medium", "RoleArn", JobBench.ROLE, "DefaultCodeRepository", "none");
    refused("DirectInternetAccess", "CreateNotebookInstance", "NotebookInstanceName", "one", "InstanceType",
        "ml.t3.medium", "RoleArn", JobBench.ROLE, "DirectInternetAccess", "Disabled");
    refused("no longer available", "CreateNotebookInstance", "NotebookInstanceName", "one", "InstanceType",
        "ml.t3.medium", "RoleArn", JobBench.ROLE, "AcceleratorTypes", List.of("ml.eia1.medium"));
    create();
    refused("Cannot create a duplicate Notebook Instance", "CreateNotebookInstance", "NotebookInstanceName", "one",
        "InstanceType", "ml.t3.medium", "RoleArn", JobBench.ROLE);
    assertThat(each()).containsExactly("one");
  }

  private List<Object> each(Object... members) {
    return ((List<?>) call("ListNotebookInstances", members).getOrDefault("NotebookInstances", List.of())).stream()
        .<Object>map(item -> ((Map<?, ?>) item).get("NotebookInstanceName")).toList();
  }

  @Test
  void aStoppedOneIsChanged() {
    call("CreateCodeRepository", "CodeRepositoryName", "code", "GitConfig",
        Map.of("RepositoryUrl", "https://git.example/team/work.git", "Branch", "main"));
    create("DefaultCodeRepository", "code");
    await("InService");
    assertThat(started.getLast().environment().get("ATELIER_NOTEBOOK"))
        .contains("\"folder\":\"work\"").contains("\"branch\":\"main\"");
    assertThat(access.enter(((String) described().get("Url")).replaceFirst("\\..*", ""),
        url().replaceFirst(".*token=", "")).orElseThrow().landing()).isEqualTo("/lab/tree/work");
    asked("Stop");
    await("Stopped");
    refused("cannot be decreased", "UpdateNotebookInstance", "NotebookInstanceName", "one", "VolumeSizeInGB", 4);
    call("UpdateNotebookInstance", "NotebookInstanceName", "one", "InstanceType", "ml.m5.xlarge", "VolumeSizeInGB", 7,
        "DisassociateDefaultCodeRepository", true, "AdditionalCodeRepositories", List.of("https://git.example/More"));
    await("Stopped");
    assertThat(described()).containsEntry("InstanceType", "ml.m5.xlarge").containsEntry("VolumeSizeInGB", 7)
        .doesNotContainKey("DefaultCodeRepository");
    assertThat(each("AdditionalCodeRepositoryEquals", "https://git.example/More")).containsExactly("one");
    assertThat(each("AdditionalCodeRepositoryEquals", "https://git.example/more")).isEmpty();
    assertThat(each("DefaultCodeRepositoryContains", "code")).isEmpty();
    asked("Start");
    await("InService");
    assertThat(started.getLast().resources().diskBytes()).isEqualTo(7L << 30);
  }

  @Test
  void noEventLeadsOutOfDeletionAndOnlyStoppedOnesAreChanged() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    NotebookState state = NotebookState.PENDING;
    for (int step = 0; step < 2_000; step++) {
      NotebookEvent event = NotebookEvent.values()[random.nextInt(NotebookEvent.values().length)];
      NotebookState next = state.after(event).orElse(state);
      if (state == NotebookState.DELETING) {
        assertThat(next).as("after %s, seed %d", event, seed).isEqualTo(NotebookState.DELETING);
        next = NotebookState.PENDING;
      }
      if (next == NotebookState.UPDATING && next != state) {
        assertThat(state).as("seed %d", seed).isIn(NotebookState.STOPPED, NotebookState.FAILED);
      }
      state = next;
    }
    assertThat(Arn.parse(ARN + "one")).get().matches(NotebookWorkload::isOf);
  }
}
