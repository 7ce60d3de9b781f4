package dev.atelier.studio;

import static dev.atelier.studio.StudioBench.map;
import static org.assertj.core.api.Assertions.assertThat;

import dev.atelier.jobs.JobPlatform;
import dev.atelier.kernel.Arn;
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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Apps that nobody uses end when their settings say so, and say why they go on. */
class IdleAppsTest {
  private static final Instant START = Instant.parse("2026-11-21T10:00:00Z");
  @TempDir Path root;
  private final MovingClock clock = new MovingClock();
  private final List<App> asked = new ArrayList<>();
  private final List<String> log = new ArrayList<>();
  private Optional<List<Idleness.Used>> used = Optional.of(List.of());
  private StudioBench bench;
  private AppStore store;
  private Apps apps;
  private IdleApps idle;
  private String domain;
  private Arn app;

  private static final class MovingClock extends Clock {
    private volatile Instant now = START;

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
    AppRuns runs = new AppRuns() {
      @Override
      public void act(App each) {
        asked.add(each);
      }

      @Override
      public boolean runs(String type) {
        return true;
      }
    };
    apps = new Apps(store, runs);
    new AppApi(studio, store, runs, new SettingsCheck(studio, platform.sessions(), images), images)
        .register(bench.instead());
    idle = new IdleApps(studio, store, apps, each -> used, (each, line) -> log.add(line));
    domain = bench.domain();
    bench.profile(domain, "ann", "UserSettings", lifecycle(map("LifecycleManagement", "ENABLED",
        "IdleTimeoutInMinutes", 60)));
    bench.call("CreateSpace", "DomainId", domain, "SpaceName", "s", "SpaceSettings", map("AppType", "JupyterLab"),
        "OwnershipSettings", map("OwnerUserProfileName", "ann"), "SpaceSharingSettings", map("SharingType", "Private"));
    bench.awaitStatus("InService", "DescribeSpace", "DomainId", domain, "SpaceName", "s");
    start();
  }

  private static Map<String, Object> lifecycle(Map<String, Object> idleSettings) {
    return map("JupyterLabAppSettings", map("AppLifecycleManagement", map("IdleSettings", idleSettings)));
  }

  private void start() {
    app = Arn.parse((String) bench.call("CreateApp", "DomainId", domain, "SpaceName", "s", "AppType", "JupyterLab",
        "AppName", "default").get("AppArn")).orElseThrow();
    apps.happened(app, asked.getLast().attempt(), AppEvent.STARTED, Optional.empty());
  }

  @AfterEach
  void close() throws Exception {
    bench.close();
  }

  private void minutes(int passed) {
    clock.now = START.plus(Duration.ofMinutes(passed));
    idle.sweep();
  }

  private AppState state() {
    return store.find(app).orElseThrow().state();
  }

  private IdleApps.Outlook outlook() {
    return idle.outlooks(asked.getLast().account(), asked.getLast().region()).getFirst();
  }

  @Test
  void anAppEndsWhenItsTimeIsUpAndSaysWhy() {
    minutes(59);
    assertThat(state()).isEqualTo(AppState.IN_SERVICE);
    assertThat(outlook().stopsAt()).contains(START.plus(Duration.ofMinutes(60)));
    minutes(60);
    assertThat(state()).isEqualTo(AppState.DELETING);
    assertThat(store.find(app).orElseThrow().failureReason()).get().asString()
        .contains("nobody had used it for 60 minutes").contains("2026-11-21T10:00:00Z");
    assertThat(log).singleElement().asString().contains("60 minutes");
  }

  @Test
  void useMovesTheEndAndWorkPreventsIt() {
    used = Optional.of(List.of(new Idleness.Used("The kernel of a.ipynb", false, START.plus(Duration.ofMinutes(40)))));
    minutes(90);
    assertThat(outlook().stopsAt()).contains(START.plus(Duration.ofMinutes(100)));
    assertThat(outlook().reasons()).contains("The kernel of a.ipynb was used 50 minutes ago.");
    used = Optional.of(List.of(new Idleness.Used("The kernel of a.ipynb", true, START.plus(Duration.ofMinutes(40)))));
    minutes(500);
    assertThat(state()).isEqualTo(AppState.IN_SERVICE);
    assertThat(outlook().stopsAt()).isEmpty();
    assertThat(outlook().reasons()).contains("The kernel of a.ipynb is busy.");
    used = Optional.empty();
    minutes(510);
    assertThat(state()).isEqualTo(AppState.IN_SERVICE);
    assertThat(outlook().reasons()).contains("JupyterLab does not tell what it runs.");
    used = Optional.of(List.of());
    store.seen(store.find(app).orElseThrow(), Optional.empty(), Optional.of(START.plus(Duration.ofMinutes(505))));
    minutes(564);
    assertThat(state()).isEqualTo(AppState.IN_SERVICE);
    minutes(565);
    assertThat(state()).isEqualTo(AppState.DELETING);
  }

  @Test
  void somebodyMayKeepAnApp() {
    clock.now = START.plus(Duration.ofMinutes(50));
    assertThat(idle.keep(app, Duration.ofMinutes(30))).contains(START.plus(Duration.ofMinutes(80)));
    minutes(79);
    assertThat(state()).isEqualTo(AppState.IN_SERVICE);
    assertThat(outlook().stopsAt()).contains(START.plus(Duration.ofMinutes(80)));
    assertThat(outlook().reasons()).contains("Somebody asked to keep it until 2026-11-21T11:20:00Z.");
    minutes(80);
    assertThat(state()).isEqualTo(AppState.DELETING);
    assertThat(idle.keep(app, Duration.ofMinutes(1))).isEmpty();
    // the app that is made anew under its name is not kept
    apps.happened(app, asked.getLast().attempt(), AppEvent.REMOVED, Optional.empty());
    start();
    minutes(139);
    assertThat(state()).isEqualTo(AppState.IN_SERVICE);
    minutes(140);
    assertThat(state()).isEqualTo(AppState.DELETING);
  }

  @Test
  void withoutSuchSettingsNothingEnds() {
    bench.call("UpdateUserProfile", "DomainId", domain, "UserProfileName", "ann", "UserSettings",
        lifecycle(map("LifecycleManagement", "DISABLED", "IdleTimeoutInMinutes", 60)));
    bench.awaitStatus("InService", "DescribeUserProfile", "DomainId", domain, "UserProfileName", "ann");
    minutes(5_000);
    assertThat(state()).isEqualTo(AppState.IN_SERVICE);
    assertThat(outlook().minutes()).isEmpty();
    assertThat(outlook().reasons()).anyMatch(reason -> reason.startsWith("Nothing ends it"));
  }
}
