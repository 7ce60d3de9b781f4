package dev.atelier.compute.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atelier.compute.ComputeBackend;
import dev.atelier.compute.ComputeException;
import dev.atelier.compute.EventLog;
import dev.atelier.compute.Feed;
import dev.atelier.compute.HostSpec;
import dev.atelier.compute.Image;
import dev.atelier.compute.Mount;
import dev.atelier.compute.NetworkPolicy;
import dev.atelier.compute.Resources;
import dev.atelier.compute.WorkloadId;
import dev.atelier.compute.WorkloadSpec;
import dev.atelier.compute.WorkloadState;
import dev.atelier.compute.local.LocalComputeConfig;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What containers see, may do, reach and survive. */
final class ContainersTest {
  @TempDir Path folder;
  private final EventLog events = new EventLog();
  private Engine engine;
  private ComputeBackend backend;
  private boolean watched;

  @BeforeEach
  void open() {
    engine = TestEngine.require();
    backend = reopen();
  }

  private ComputeBackend reopen() {
    return OciComputeBackend.open(
        LocalComputeConfig.of(folder.resolve("run")), new Specs.EchoDoor(), Clock.systemUTC(), engine);
  }

  @AfterEach
  void close() {
    if (backend != null) {
      backend.list().keySet().forEach(backend::remove);
      backend.close();
    }
  }

  private void watch() {
    if (!watched) {
      backend.watch(events);
      watched = true;
    }
  }

  private String run(WorkloadSpec spec) {
    watch();
    backend.start(spec);
    assertThat(events.ended(spec.id(), "algo-1")).isInstanceOf(WorkloadState.Exited.class);
    return log(spec.id(), "algo-1");
  }

  private String log(WorkloadId id, String host) {
    return new String(backend.readLog(id, host, 0, 1 << 20), StandardCharsets.UTF_8);
  }

  @Test
  void aProgramIsNeverTheMachinesRootAndHasNoRights() {
    String told = run(Specs.workload("rights", NetworkPolicy.ISOLATED, Specs.sh("algo-1",
        "id -u; cat /proc/self/uid_map; grep -E 'CapEff|CapBnd|NoNewPrivs|Seccomp:' /proc/self/status; ls /sys/class/net; "
        + "echo x > /proc/sys/kernel/core_pattern; unshare -Ur true; echo done; echo $GREETING")));
    assertThat(told.lines().findFirst()).hasValue("1000");
    assertThat(told).contains("CapEff:\t0000000000000000").contains("CapBnd:\t0000000000000000")
        .contains("NoNewPrivs:\t1").contains("Seccomp:\t2").contains("core_pattern").contains("hello");
    assertThat(told.lines().filter(line -> line.matches("\\s*\\d+\\s+\\d+\\s+\\d+"))).isNotEmpty()
        .allSatisfy(line -> assertThat(Integer.parseInt(line.strip().split("\\s+")[1])).isGreaterThanOrEqualTo(200_000));
    assertThat(told.lines().toList()).contains("lo").doesNotContain("eth0");
  }

  @Test
  void hostsReachEachOtherByNameAndNobodyElse() {
    HostSpec server = Specs.python("algo-1", "import socket\ns=socket.create_server(('0.0.0.0',7000))\n"
        + "c,_=s.accept(); print(c.recv(9).decode())", 0);
    HostSpec client = Specs.python("algo-2", "import socket,time\n"
        + "end=time.time()+20\nwhile time.time()<end:\n  try:\n    c=socket.create_connection(('algo-1',7000)); break\n"
        + "  except OSError: time.sleep(.05)\nc.sendall(b'from-two')", 0);
    assertThat(run(Specs.workload("pair", NetworkPolicy.ISOLATED, server, client))).isEqualTo("from-two\n");
  }

  @Test
  void theDoorLeadsToTheServerAndTheServicePortBack() throws IOException {
    HostSpec host = Specs.python("algo-1", "import os,socket\n"
        + "s=socket.create_connection(('127.0.0.1',int(os.environ['API_PORT']))); print(s.makefile().read(),end='')\n"
        + "l=socket.create_server(('127.0.0.1',80)); print('serves')\nc,_=l.accept(); c.sendall(b'served'); c.close()", 80);
    WorkloadSpec spec = Specs.workload("door", NetworkPolicy.PLATFORM, host);
    backend.watch(events);
    backend.start(spec);
    long end = System.nanoTime() + 20_000_000_000L;
    while (!log(spec.id(), "algo-1").contains("serves")) {
      assertThat(System.nanoTime()).as(log(spec.id(), "algo-1")).isLessThan(end);
      LockSupport.parkNanos(1_000_000);
    }
    try (SocketChannel channel = backend.connect(spec.id(), "algo-1")) {
      ByteBuffer answer = ByteBuffer.allocate(6);
      while (answer.hasRemaining() && channel.read(answer) >= 0) {
        // until all came
      }
      assertThat(new String(answer.array(), StandardCharsets.UTF_8)).isEqualTo("served");
    }
    events.ended(spec.id(), "algo-1");
    assertThat(log(spec.id(), "algo-1")).startsWith("this is algo-1\n");
  }

  @Test
  void anImageWithoutTheProgramIsALostHost() throws IOException {
    String base = EmptyImage.require(engine);
    HostSpec host = new HostSpec("algo-1", new Image.Reference(base, List.of()), List.of("/bin/sh", "-c",
        "true"), Map.of(), "/", List.of(new Mount.Scratch(Specs.OUT)), Specs.SMALL, 0, 1000, 1000);
    WorkloadSpec spec = Specs.workload("image", NetworkPolicy.ISOLATED, host);
    backend.watch(events);
    backend.start(spec);
    // the image has no program: its engine says so, and that is the host's end
    assertThat(events.ended(spec.id(), "algo-1")).isInstanceOfSatisfying(WorkloadState.Lost.class,
        lost -> assertThat(lost.reason()).contains("/bin/sh"));
    assertThat(engine.containers(Map.of(Containers.RUN_LABEL, run()))).isEmpty();
  }

  private Path shared() throws IOException {
    Path shared = Files.createDirectory(folder.resolve("shared"));
    Files.writeString(shared.resolve("x"), "");
    Files.setPosixFilePermissions(shared, PosixFilePermissions.fromString("rwxrwxrwx"));
    return shared;
  }

  private String run() {
    return java.util.HexFormat.of().toHexDigits(folder.resolve("run").hashCode());
  }

  @Test
  void foldersAndFeedsOfTheMachineAreSeen() throws IOException {
    Path source = Files.writeString(folder.resolve("source"), "fed");
    String told = run(Specs.workload("feeds", NetworkPolicy.ISOLATED, Specs.sh("algo-1",
        "cat /fifos/train_0; ls /fixed; touch /fixed/y || echo refused", new Mount.Folder("/fixed", shared(), true),
        new Mount.Feeds("/fifos", List.of(new Feed("train", List.of(List.of(new Feed.Piece.Content(source, false))),
            false, false, 0, 0, 1))))));
    assertThat(told).startsWith("fed").contains("x\n").contains("refused");
  }

  @Test
  void aVolumeIsSeenAgainByTheNextHost() {
    Mount home = new Mount.Volume("/home/user", "home-1");
    run(Specs.workload("first", NetworkPolicy.ISOLATED, Specs.sh("algo-1", "echo kept > /home/user/f", home)));
    assertThat(run(Specs.workload("second", NetworkPolicy.ISOLATED, Specs.sh("algo-1", "cat /home/user/f", home))))
        .isEqualTo("kept\n");
    backend.remove(new WorkloadId("first"));
    backend.remove(new WorkloadId("second"));
    backend.removeVolume("home-1");
  }

  @Test
  void passingTheMemoryLimitIsTold() {
    HostSpec host = Specs.python("algo-1", "x=bytearray(1<<30)", 0);
    HostSpec tight = new HostSpec("algo-1", host.image(), host.command(), host.environment(), "/", host.mounts(),
        new Resources(1, 64L << 20, 0, 64, 64L << 20), 0, 1000, 1000);
    run(Specs.workload("memory", NetworkPolicy.ISOLATED, tight));
    assertThat(events.ended(new WorkloadId("memory"), "algo-1")).isInstanceOfSatisfying(WorkloadState.Exited.class,
        end -> {
          assertThat(end.exitCode()).isEqualTo(137);
          assertThat(end.outOfMemory()).isTrue();
        });
  }

  @Test
  void whatAKilledServerStartedGoesOn() throws Exception {
    backend.close();
    backend = null;
    Path socket = Path.of(engine.words().getLast().substring("unix://".length()));
    Process server = ServerProcess.start(folder.resolve("run"), socket);
    try (BufferedReader out = server.inputReader()) {
      String line = out.readLine();
      while (line != null && !line.equals("algo-1 Running")) {
        assertThat(line).doesNotContain("Lost");
        line = out.readLine();
      }
    } finally {
      server.destroyForcibly().waitFor();
    }
    backend = reopen();
    WorkloadId id = new WorkloadId("counts");
    assertThat(backend.list().get(id).get("algo-1")).isInstanceOf(WorkloadState.Running.class);
    backend.watch(events);
    assertThat(events.ended(id, "algo-1")).isInstanceOfSatisfying(WorkloadState.Exited.class,
        end -> assertThat(end.exitCode()).isEqualTo(9));
    assertThat(log(id, "algo-1").lines()).containsExactlyElementsOf(
        IntStream.range(0, 60).mapToObj(i -> "line " + i).toList());
    assertThat(backend.logTimes(id, "algo-1").reached(log(id, "algo-1").length())).hasValueSatisfying(
        last -> assertThat(last).isBefore(Instant.now()));
    backend.remove(id);
    assertThat(engine.containers(Map.of(Containers.RUN_LABEL, run()))).isEmpty();
  }

  @Test
  void anImageThatTheEngineHasNotIsRefused() {
    HostSpec host = Specs.sh("algo-1", "");
    WorkloadSpec spec = Specs.workload("none", NetworkPolicy.ISOLATED, new HostSpec("algo-1",
        new Image.Reference("localhost/atelier-nothing:1", List.of()), host.command(), Map.of(), "/", List.of(), Specs.SMALL, 0, 1000, 1000));
    assertThatThrownBy(() -> backend.start(spec)).isInstanceOf(ComputeException.class)
        .hasMessageContaining("localhost/atelier-nothing:1");
    assertThat(backend.list()).isEmpty();
  }
}
