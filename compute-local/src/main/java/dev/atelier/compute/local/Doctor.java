package dev.atelier.compute.local;

import dev.atelier.compute.HostSpec;
import dev.atelier.compute.Image;
import dev.atelier.compute.NetworkPolicy;
import dev.atelier.compute.Resources;
import dev.atelier.compute.SandboxDoor;
import dev.atelier.compute.WorkloadId;
import dev.atelier.compute.WorkloadSpec;
import dev.atelier.compute.WorkloadState;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Looks at the machine as the local backend needs it, and really runs a sandbox. */
public final class Doctor {
  private static final String INSTALL = "apt-get install bubblewrap util-linux iproute2 python3 tar";
  private static final String USER_NAMESPACES = "sysctl -w user.max_user_namespaces=65536";
  private static final long TRIAL_SECONDS = 20;

  /**
   * One thing that was looked at.
   *
   * @param ok whether sandboxes run, and are limited, as far as this thing goes
   * @param mend the command that puts it right; empty when nothing is wrong or no command can
   */
  public record Finding(String name, boolean ok, String detail, String mend) {}

  private final LocalComputeConfig config;
  private final List<Finding> findings = new ArrayList<>();

  /** @param config of the backend; its run folder is not touched, a fresh one beside it is used and deleted */
  public Doctor(LocalComputeConfig config) {
    this.config = config;
  }

  public List<Finding> examine() {
    findings.clear();
    try {
      bubblewrap();
      for (String tool : List.of("setsid", "setpriv", "unshare", "nsenter", "mount", "mkfifo", "ip", "tar")) {
        tool(tool, List.of(tool, tool.equals("ip") ? "-V" : "--version"));
      }
      python();
      namespaces();
      container();
      limits();
      sandbox();
    } catch (IOException e) {
      add("machine", false, "it cannot be examined: " + e.getMessage(), "");
    }
    return List.copyOf(findings);
  }

  private void add(String name, boolean ok, String detail, String mend) {
    findings.add(new Finding(name, ok, detail, ok ? "" : mend));
  }

  private void tool(String name, List<String> command) throws IOException {
    Opening.Tool.Answer answer = Opening.Tool.run(command);
    String first = answer.text().lines().findFirst().orElse("no answer");
    add(name, answer.code() == 0, first, INSTALL);
  }

  private void bubblewrap() throws IOException {
    Opening.Tool.Answer answer = Opening.Tool.run(List.of("bwrap", "--version"));
    String[] version = answer.text().replaceAll("[^0-9.]", "").split("\\.");
    boolean recent = answer.code() == 0 && version.length >= 2
        && (Integer.parseInt(version[0]) > 0 || Integer.parseInt(version[1]) >= 8);
    add("bwrap", recent, answer.text() + (recent ? "" : "; 0.8 or newer is needed"), "apt-get install bubblewrap");
  }

  private void python() throws IOException {
    List<String> words = new ArrayList<>();
    if (Machine.root()) {
      String uid = Integer.toString(config.firstUid());
      words.addAll(List.of("setpriv", "--reuid", uid, "--regid", uid, "--clear-groups"));
    }
    words.addAll(List.of(config.python(), "-I", "-S", "-c",
        "import sys; print(sys.version.split()[0]); sys.exit(sys.version_info < (3, 9))"));
    Opening.Tool.Answer answer = Opening.Tool.run(words);
    add("python", answer.code() == 0, config.python() + " as a sandbox's user: " + answer.text(),
        "apt-get install python3");
  }

  private void namespaces() throws IOException {
    long most = number("/proc/sys/user/max_user_namespaces", 1);
    add("user namespaces", most > 0, "user.max_user_namespaces = " + most, USER_NAMESPACES);
    long clone = number("/proc/sys/kernel/unprivileged_userns_clone", 1);
    add("unprivileged user namespaces", clone != 0 || Machine.root(), "kernel.unprivileged_userns_clone = " + clone,
        "sysctl -w kernel.unprivileged_userns_clone=1");
    long restricted = number("/proc/sys/kernel/apparmor_restrict_unprivileged_userns", 0);
    add("AppArmor", restricted == 0, "kernel.apparmor_restrict_unprivileged_userns = " + restricted,
        "sysctl -w kernel.apparmor_restrict_unprivileged_userns=0");
  }

  private static long number(String file, long absent) throws IOException {
    Path path = Path.of(file);
    return Files.exists(path) ? Long.parseLong(Files.readString(path).strip()) : absent;
  }

  private void container() {
    boolean inside = Files.exists(Path.of("/.dockerenv")) || Files.exists(Path.of("/run/.containerenv"))
        || System.getenv().containsKey("container");
    // No fault by itself: the trial below tells whether this container lets sandboxes run.
    add("container", true, inside ? "this machine is itself a container" : "this machine is no container", "");
  }

  private void limits() {
    Cgroups groups = CgroupProbe.find("doctor");
    List<String> missing = groups.notLimited();
    groups.close();
    add("cgroups", missing.isEmpty(), missing.isEmpty() ? "memory, cpu and processes are limited"
        : String.join("; ", missing), "run the server as root, or as a service with systemd's Delegate=yes");
  }

  private void sandbox() throws IOException {
    Path parent = config.runFolder().toAbsolutePath().getParent();
    Files.createDirectories(parent);
    Path folder = Files.createTempDirectory(parent, "doctor");
    LocalComputeConfig trial = new LocalComputeConfig(folder.resolve("run"), folder.resolve("volumes"),
        config.stageFolder(), config.firstUid(), config.lastUid(), config.orphanTimeout(), config.python(),
        config.apiPort(), config.copyLimitBytes(), config.maxArchiveEntries(), config.devices());
    HostSpec host = new HostSpec("trial", new Image.Layered(List.of(), Map.of()),
        List.of("/bin/sh", "-c", "echo inside as $(id -u)"), Map.of(), "/", List.of(),
        new Resources(1, 64L << 20, 0, 16, 16L << 20), 0, 1000, 1000);
    WorkloadSpec spec = new WorkloadSpec(new WorkloadId("trial"), "doctor", List.of(host), NetworkPolicy.ISOLATED);
    CompletableFuture<WorkloadState> end = new CompletableFuture<>();
    try (LocalComputeBackend backend = LocalComputeBackend.open(trial, new Shut(), Clock.systemUTC())) {
      backend.watch(event -> {
        if (event.state().ended()) {
          end.complete(event.state());
        }
      });
      backend.start(spec);
      WorkloadState state = end.get(TRIAL_SECONDS, TimeUnit.SECONDS);
      String log = new String(backend.readLog(spec.id(), "trial", 0, 2000), StandardCharsets.UTF_8).strip();
      boolean ran = state instanceof WorkloadState.Exited exited && exited.exitCode() == 0
          && log.equals("inside as 1000");
      add("sandbox", ran, ran ? "a sandbox ran" : state + " " + log, INSTALL + " && " + USER_NAMESPACES);
      backend.remove(spec.id());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      add("sandbox", false, "interrupted", "");
    } catch (RuntimeException | java.util.concurrent.ExecutionException | TimeoutException e) {
      add("sandbox", false, "no sandbox ran: " + e, INSTALL + " && " + USER_NAMESPACES);
    } finally {
      Deletion.delete(folder);
    }
  }

  /** The trial is isolated: nobody asks. */
  private record Shut() implements SandboxDoor {
    @Override
    public AutoCloseable open(WorkloadSpec spec, String host, Path socket) {
      throw new IllegalStateException("the trial has no network");
    }

    @Override
    public Map<String, String> environment(WorkloadSpec spec, String host, int port) {
      return Map.of();
    }
  }
}
