package dev.atelier.server;

import com.sun.management.OperatingSystemMXBean;
import dev.atelier.compute.local.Doctor;
import dev.atelier.compute.local.Doctor.Finding;
import dev.atelier.server.config.ServerConfig;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code atelier doctor}: examines this machine, runs a sandbox, and names the command that mends what is wrong. */
@Command(name = "doctor", mixinStandardHelpOptions = true,
    description = "Examines this machine; exit code 1 when something essential is missing.")
final class DoctorCommand implements Callable<Integer> {
  private static final long GIB = 1L << 30;
  private static final long LEAST_DISK = 5 * GIB;
  private static final long LEAST_MEMORY = 2 * GIB;
  /** What is said but does not keep Atelier from running. */
  private static final List<String> ADVICE = List.of("cgroups", "AppArmor", "port", "disk", "memory");

  @Mixin
  private DataOption data;

  @Option(names = "--port", defaultValue = "9000", description = "the port to look at (default: 9000)")
  private int port;

  @Override
  public Integer call() throws Exception {
    List<Finding> findings = new ArrayList<>(List.of(jdk(), port(), python(), disk(), memory()));
    Path trial = Files.createTempDirectory("atelier-doctor");
    try {
      findings.addAll(new Doctor(Compute.config(trial, ServerConfig.defaults())).examine());
    } finally {
      Files.deleteIfExists(trial);
    }
    findings.forEach(finding -> System.out.println(line(finding)));
    boolean able = findings.stream().allMatch(finding -> finding.ok() || ADVICE.contains(finding.name()));
    System.out.println(able ? "Atelier can run here." : "Atelier cannot run here yet.");
    return able ? 0 : 1;
  }

  private static String line(Finding finding) {
    String mark = finding.ok() ? "ok" : ADVICE.contains(finding.name()) ? "advice" : "NOT OK";
    String line = String.format("%-7s %-30s %s", mark, finding.name(), finding.detail());
    return finding.mend().isEmpty() ? line : line + System.lineSeparator() + " ".repeat(39) + "mend: " + finding.mend();
  }

  private static Finding finding(String name, boolean ok, String detail, String mend) {
    return new Finding(name, ok, detail, ok ? "" : mend);
  }

  private static Finding jdk() {
    int feature = Runtime.version().feature();
    return finding("JDK", feature == 25, "Java " + Runtime.version() + " at " + System.getProperty("java.home"),
        "get a JDK 25 from https://adoptium.net/temurin/releases/?version=25 and set ATELIER_JAVA_HOME to its folder");
  }

  private Finding port() {
    try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      return finding("port", socket.isBound(), port + " is free", "");
    } catch (IOException e) {
      String detail = data.server().map(server -> port + " is taken; the server on " + data.folder() + " is at "
          + server.url()).orElse(port + " is taken by another program");
      return finding("port", false, detail, "./atelier up --port 0 picks a free one");
    }
  }

  private static Finding python() throws IOException, InterruptedException {
    Process process = new ProcessBuilder("/usr/bin/python3", "-I", "-c", "import ensurepip, venv")
        .redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
    boolean ok = process.waitFor(30, TimeUnit.SECONDS) && process.exitValue() == 0;
    return finding("python3 venv", ok, ok ? "environments can be made" : "/usr/bin/python3 cannot make environments",
        "apt-get install python3-venv");
  }

  private Finding disk() throws IOException {
    Path existing = data.folder();
    while (!Files.exists(existing)) {
      existing = existing.getParent();
    }
    long free = Files.getFileStore(existing).getUsableSpace();
    return finding("disk", free >= LEAST_DISK, free / GIB + " GiB free for " + data.folder(),
        "free " + LEAST_DISK / GIB + " GiB, or choose another folder with --data");
  }

  private static Finding memory() {
    long total = ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getTotalMemorySize();
    return finding("memory", total >= LEAST_MEMORY, total / GIB + " GiB", "use a machine with "
        + LEAST_MEMORY / GIB + " GiB or more");
  }
}
