package dev.atelier.studio;

import static dev.atelier.studio.StudioBench.each;
import static dev.atelier.studio.StudioBench.map;
import static org.assertj.core.api.Assertions.assertThat;

import dev.atelier.jobs.JobPlatform;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Apps from the request to what is asked of those who run them. */
class AppApiTest {
  private static final String ARN = "arn:aws:sagemaker:us-east-1:123456789012:";
  private static final Object[] SERVER = {"AppType", "JupyterServer", "AppName", "default"};
  @TempDir Path root;
  private final MovingClock clock = new MovingClock();
  private final AskedRuns runs = new AskedRuns();
  private StudioBench bench;
  private AppStore store;
  private Apps apps;
  private String domain;

  /** Keeps what it is asked; tests say what happens then. */
  private static final class AskedRuns implements AppRuns {
    @Override
    public boolean runs(String appType) {
      return true;
    }

    private final List<App> asked = new ArrayList<>();

    @Override
    public void act(App app) {
      asked.add(app);
    }

    App last() {
      return asked.getLast();
    }
  }

  private static final class MovingClock extends Clock {
    private Instant now = Instant.parse("2026-11-21T10:00:00Z");

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }

    @Override
    public Instant instant() {
      return now;
    }
  }

  @BeforeEach
  void open() {
    bench = new StudioBench(root, clock);
    JobPlatform platform = bench.platform();
    StudioStore studio = new StudioStore(platform.metadata(), platform.tags(), clock);
    StudioImages images = new StudioImages(studio, platform.images());
    store = new AppStore(platform.metadata(), platform.tags(), clock);
    apps = new Apps(store, runs);
    new AppApi(studio, store, runs, new SettingsCheck(studio, platform.sessions(), images), images)
        .register(bench.instead());
    domain = bench.domain();
    bench.profile(domain, "ann");
  }

  @AfterEach
  void close() throws Exception {
    bench.close();
  }

  private Map<String, Object> app(String operation, Object... members) {
    Map<String, Object> request = map("DomainId", domain, "UserProfileName", "ann");
    request.putAll(map(members));
    return bench.call(operation, request.entrySet().stream()
        .flatMap(entry -> Stream.of(entry.getKey(), entry.getValue())).toArray());
  }

  private void refused(String code, String message, Object... members) {
    List<Object> request = new ArrayList<>(List.of("DomainId", domain));
    request.addAll(List.of(members));
    bench.refused(code, message, "CreateApp", request.toArray());
  }

  private void happened(AppEvent event) {
    assertThat(apps.happened(runs.last().arn(), runs.last().attempt(), event, Optional.of("why"))).isTrue();
  }

  @Test
  void anAppIsAskedForStartedDeletedAndListedForADay() {
    assertThat(app("CreateApp", SERVER)).containsEntry("AppArn", ARN + "app/" + domain + "/ann/jupyterserver/default");
    assertThat(runs.last().state()).isEqualTo(AppState.PENDING);
    assertThat(app("DescribeApp", SERVER)).containsEntry("Status", "Pending")
        .containsEntry("ResourceSpec", map("InstanceType", "system")).containsEntry("UserProfileName", "ann");
    refused("ResourceInUse", "already exists", "UserProfileName", "ann", "AppType", "JupyterServer", "AppName",
        "default");
    happened(AppEvent.STARTED);
    store.seen(runs.last(), Optional.of(clock.now), Optional.empty());
    assertThat(app("DescribeApp", SERVER)).containsEntry("Status", "InService")
        .containsEntry("LastHealthCheckTimestamp", clock.now).doesNotContainKey("LastUserActivityTimestamp");
    bench.refused("ResourceInUse", "/ann] because App(s) are associated with it.", "DeleteUserProfile", "DomainId",
        domain, "UserProfileName", "ann");
    bench.refused("ResourceInUse", "because App(s) are associated with it.", "DeleteDomain", "DomainId", domain);
    bench.refused("ResourceInUse", "Unable to update Domain", "UpdateDomain", "DomainId", domain,
        "AppNetworkAccessType", "PublicInternetOnly");
    app("DeleteApp", SERVER);
    assertThat(runs.last().state()).isEqualTo(AppState.DELETING);
    bench.refused("ResourceInUse", "Deleting state", "DeleteApp", "DomainId", domain, "UserProfileName", "ann",
        "AppType", "JupyterServer", "AppName", "default");
    happened(AppEvent.REMOVED);
    clock.now = clock.now.plus(Duration.ofHours(23));
    assertThat(each(bench.call("ListApps"), "Apps", "Status")).containsExactly("Deleted");
    clock.now = clock.now.plus(Duration.ofHours(1));
    assertThat(each(bench.call("ListApps"), "Apps", "Status")).isEmpty();
    bench.refused("ResourceNotFound", "does not exist", "DescribeApp", "DomainId", domain, "UserProfileName", "ann",
        "AppType", "JupyterServer", "AppName", "default");
  }

  @Test
  void aNameIsUsedAgainByAnotherAttempt() {
    app("CreateApp", SERVER);
    App first = runs.last();
    happened(AppEvent.BROKEN);
    assertThat(app("DescribeApp", SERVER)).containsEntry("Status", "Failed").containsEntry("FailureReason", "why");
    app("CreateApp", SERVER);
    assertThat(runs.last().attempt()).isEqualTo(first.attempt() + 1);
    assertThat(apps.happened(first.arn(), first.attempt(), AppEvent.STARTED, Optional.empty())).isFalse();
    assertThat(app("DescribeApp", SERVER)).containsEntry("Status", "Pending").doesNotContainKey("FailureReason");
  }

  @Test
  void anAppIsOfOneOwnerOfATypeThatFitsThere() {
    refused("ValidationException", "Either UserProfileName or SpaceName", "AppType", "JupyterServer", "AppName", "a");
    refused("ValidationException", "cannot be specified together", "UserProfileName", "ann", "SpaceName", "s",
        "AppType", "JupyterServer", "AppName", "a");
    refused("ValidationException", "/eve] does not exist", "UserProfileName", "eve", "AppType", "JupyterServer",
        "AppName", "a");
    refused("ValidationException", "only supported in a space", "UserProfileName", "ann", "AppType", "JupyterLab",
        "AppName", "a");
    refused("UnsupportedOperation", "sagemaker:CreateApp with AppType Canvas is not supported", "UserProfileName",
        "ann", "AppType", "Canvas", "AppName", "a");
    refused("ValidationException", "only support the system instance type", "UserProfileName", "ann", "AppType",
        "JupyterServer", "AppName", "a", "ResourceSpec", map("InstanceType", "ml.t3.medium"));
    refused("ValidationException", "system is not supported for KernelGateway", "UserProfileName", "ann", "AppType",
        "KernelGateway", "AppName", "a", "ResourceSpec", map("InstanceType", "system"));
    assertThat(runs.asked).isEmpty();
    assertThat(each(bench.call("ListApps"), "Apps", "AppName")).isEmpty();
  }

  @Test
  void anAppGetsTheSettingsOfItsPlace() {
    String script = ARN + "studio-lifecycle-config/s";
    bench.call("CreateStudioLifecycleConfig", "StudioLifecycleConfigName", "s", "StudioLifecycleConfigContent",
        "ZWNobwo=", "StudioLifecycleConfigAppType", "KernelGateway");
    refused("ValidationException", "is not attached", "UserProfileName", "ann", "AppType", "KernelGateway", "AppName",
        "a", "ResourceSpec", map("LifecycleConfigArn", script));
    app("UpdateUserProfile", "UserSettings", map("KernelGatewayAppSettings", map("DefaultResourceSpec",
        map("InstanceType", "ml.m5.large", "LifecycleConfigArn", script), "LifecycleConfigArns", List.of(script))));
    bench.awaitStatus("InService", "DescribeUserProfile", "DomainId", domain, "UserProfileName", "ann");
    app("CreateApp", "AppType", "KernelGateway", "AppName", "a", "ResourceSpec", map("SageMakerImageArn",
        "arn:aws:sagemaker:us-east-1:081325390199:image/python"));
    assertThat(runs.last().spec()).isEqualTo(map("InstanceType", "ml.m5.large", "LifecycleConfigArn", script,
        "SageMakerImageArn", "arn:aws:sagemaker:us-east-1:081325390199:image/python"));
    assertThat(runs.last().image()).contains("081325390199.dkr.ecr.us-east-1.amazonaws.com/python:latest");
    app("UpdateUserProfile", "UserSettings", map("KernelGatewayAppSettings", Map.of()));
    bench.awaitStatus("InService", "DescribeUserProfile", "DomainId", domain, "UserProfileName", "ann");
    bench.refused("ResourceInUse", "because App(s) are associated with it.", "DeleteStudioLifecycleConfig",
        "StudioLifecycleConfigName", "s");
    app("CreateApp", "AppType", "KernelGateway", "AppName", "b");
    assertThat(runs.last().spec()).isEqualTo(map("InstanceType", "ml.t3.medium"));
  }

  @Test
  void aSpaceRunsOneAppOfItsTypeWithItsOwnersRole() {
    bench.call("CreateSpace", "DomainId", domain, "SpaceName", "s", "SpaceSettings", map("AppType", "JupyterLab"),
        "OwnershipSettings", map("OwnerUserProfileName", "ann"), "SpaceSharingSettings", map("SharingType", "Private"));
    bench.call("CreateSpace", "DomainId", domain, "SpaceName", "shared");
    bench.awaitStatus("InService", "DescribeSpace", "DomainId", domain, "SpaceName", "s");
    bench.awaitStatus("InService", "DescribeSpace", "DomainId", domain, "SpaceName", "shared");
    bench.call("CreateApp", "DomainId", domain, "SpaceName", "s", "AppType", "JupyterLab", "AppName", "default");
    assertThat(runs.last().arn().toString()).isEqualTo(ARN + "app/" + domain + "/s/jupyterlab/default");
    refused("ResourceInUse", "App(s) are associated", "SpaceName", "s", "AppType", "JupyterLab", "AppName", "other");
    refused("ValidationException", "whose AppType is JupyterLab", "SpaceName", "s", "AppType", "CodeEditor",
        "AppName", "default");
    refused("ValidationException", "ExecutionRole is required in the DefaultSpaceSettings", "SpaceName", "shared",
        "AppType", "JupyterServer", "AppName", "default");
    assertThat(each(bench.call("ListApps", "SpaceNameEquals", "s"), "Apps", "SpaceName")).containsExactly("s");
    assertThat(each(bench.call("ListApps", "UserProfileNameEquals", "ann"), "Apps", "AppName")).isEmpty();
    bench.refused("ResourceInUse", "App(s) are associated", "UpdateSpace", "DomainId", domain, "SpaceName", "s",
        "SpaceSettings", map("SpaceStorageSettings", map("EbsStorageSettings", map("EbsVolumeSizeInGb", 50))));
  }

  @Test
  void anAppIsTaggedWithItsDomainAndItsOwner() {
    app("CreateApp", "AppType", "KernelGateway", "AppName", "a", "Tags", List.of(map("Key", "k", "Value", "v")));
    JobPlatform platform = bench.jobs().platform();
    assertThat(platform.metadata().<Map<String, String>>read(tx ->
        platform.tags().all(tx, runs.last().arn().toString()))).isEqualTo(Map.of(
        "k", "v", "sagemaker:domain-arn", ARN + "domain/" + domain,
        "sagemaker:user-profile-arn", ARN + "user-profile/" + domain + "/ann"));
  }

  @Test
  void endedAppsGoWithTheirDomain() {
    app("CreateApp", SERVER);
    happened(AppEvent.BROKEN);
    app("DeleteUserProfile");
    bench.awaitStatus("gone", "DescribeUserProfile", "DomainId", domain, "UserProfileName", "ann");
    bench.call("DeleteDomain", "DomainId", domain);
    bench.awaitStatus("gone", "DescribeDomain", "DomainId", domain);
    assertThat(each(bench.call("ListApps"), "Apps", "AppName")).isEmpty();
  }

  @Test
  void nothingLeavesDeletedAndOnlyDeletingLeadsThere() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int run = 0; run < 200; run++) {
      AppState state = AppState.PENDING;
      for (int step = 0; step < 20; step++) {
        AppEvent event = AppEvent.values()[random.nextInt(AppEvent.values().length)];
        AppState next = state.after(event).orElse(state);
        if (state == AppState.DELETED) {
          assertThat(next).as("after %s, seed %d", event, seed).isEqualTo(AppState.DELETED);
        }
        if (next == AppState.DELETED && state != next) {
          assertThat(state).as("seed %d", seed).isEqualTo(AppState.DELETING);
        }
        state = next;
      }
    }
  }
}
