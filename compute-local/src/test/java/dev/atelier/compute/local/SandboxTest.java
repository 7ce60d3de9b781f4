package dev.atelier.compute.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atelier.compute.ComputeException;
import dev.atelier.compute.HostSpec;
import dev.atelier.compute.Mount;
import dev.atelier.compute.Resources;
import dev.atelier.compute.WorkloadSpec;
import dev.atelier.compute.WorkloadState;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a program finds in its sandbox, beyond the contract of all backends. */
final class SandboxTest {
  @TempDir Path folder;
  private Bench bench;

  @BeforeEach
  void open() {
    bench = new Bench(folder);
  }

  @AfterEach
  void close() {
    bench.close();
  }

  @Test
  void seesItsMountsAndItsEnvironment() throws IOException {
    Path object = Files.writeString(folder.resolve("object"), "rows");
    HostSpec host = Specs.host("algo-1",
        List.of("/bin/bash", "-c",
            "cat /opt/ml/input/data/train/a/b.csv /opt/ml/input/config/h.json; echo x > /opt/ml/input/config/new;"
                + " rm /opt/ml/input/data/train/a/b.csv; echo more > /opt/ml/input/data/train/a/b.csv;"
                + " cat /opt/ml/input/data/train/a/b.csv; id -u; id -g; env | grep SM_; echo \"$HOSTNAME\"; pwd"),
        Map.of("SM_HP_learning-rate", "0.1", "SM_QUOTE", "it's $HOME `x`"), 0,
        new Mount.Files("/opt/ml/input/data/train", Map.of("a/b.csv", object)),
        new Mount.Texts("/opt/ml/input/config", Map.of("h.json", "{}")));
    Bench.Result result = bench.run(Specs.isolated("mounts", host));
    assertThat(result.code()).as(result.log()).isZero();
    assertThat(result.log()).isEqualToIgnoringNewLines(
        "rows{}more1000" + "1000" + sorted(result.log()) + "algo-1/");
    assertThat(Files.readString(object)).isEqualTo("rows");
  }

  private static String sorted(String log) {
    assertThat(log).contains("SM_HP_learning-rate=0.1").contains("SM_QUOTE=it's $HOME `x`");
    return String.join("", log.lines().filter(line -> line.startsWith("SM_")).toList());
  }

  @Test
  void hasNoDescriptorButItsOwnAndCanReopenItsOutput() {
    Bench.Result result = bench.run(Specs.isolated("fds",
        Specs.sh("for f in /proc/self/fd/*; do echo \"${f##*/}\"; done; echo again > /dev/stderr")));
    assertThat(result.log().lines()).containsExactlyInAnyOrder("0", "1", "2", "3", "again");
  }

  @Test
  void aProgramThatIsNotThereEndsWithTheShellsCode() {
    HostSpec host = Specs.host("algo-1", List.of("/opt/nothing"), Map.of(), 0);
    assertThat(bench.run(Specs.isolated("missing", host)).code()).isEqualTo(127);
  }

  @Test
  void theMemoryLimitEndsTheProgramAndIsSaid() {
    Assumptions.assumeTrue(bench.backend.notLimited().stream().noneMatch(line -> line.contains("memory")),
        "memory is not limited on this machine");
    HostSpec host = Specs.with(Specs.python("x = bytearray(200 << 20); print(len(x))", 0),
        new Resources(1, 64L << 20, 0, 64, 64L << 20));
    Bench.Result result = bench.run(Specs.isolated("oom", host));
    assertThat(result.code()).as(result.log()).isEqualTo(137);
    assertThat(((WorkloadState.Exited) result.end()).outOfMemory()).isTrue();
  }

  @Test
  void programsCountTheProcessorsOfTheirLimit() {
    Assumptions.assumeTrue(bench.backend.notLimited().stream().noneMatch(line -> line.contains("processors")),
        "programs are not put on processors on this machine");
    Assumptions.assumeTrue(Runtime.getRuntime().availableProcessors() > 1, "there is one processor");
    HostSpec host = Specs.with(Specs.sh("nproc; grep Cpus_allowed_list /proc/self/status; sleep 60"),
        new Resources(0.7, 64L << 20, 0, 64, 64L << 20));
    List<WorkloadSpec> both = List.of(Specs.isolated("one", host), Specs.isolated("two", host));
    both.forEach(bench.backend::start);
    both.forEach(spec -> Bench.await("it told", () -> bench.log(spec).lines().count() == 2));
    List<String> lines = both.stream().flatMap(spec -> bench.log(spec).lines()).toList();
    assertThat(List.of(lines.get(0), lines.get(2))).containsOnly("1");
    assertThat(lines.get(1)).isNotEqualTo(lines.get(3));
  }

  @Test
  void theNumberOfProcessesIsLimited() {
    Assumptions.assumeTrue(bench.backend.notLimited().stream().noneMatch(line -> line.contains("processes")),
        "processes are not limited on this machine");
    HostSpec host = Specs.with(
        Specs.python("import os,time\nn=0\ntry:\n  while n<50:\n    if os.fork()==0: time.sleep(60)\n    n+=1\n"
            + "except OSError: pass\nprint('forked', n, flush=True)\nos._exit(0)", 0),
        new Resources(1, 256L << 20, 0, 10, 64L << 20));
    assertThat(bench.run(Specs.isolated("forks", host)).log()).isEqualTo("forked 9\n");
  }

  @Test
  void theDiskLimitEndsTheProgramAndIsSaid() {
    HostSpec host = Specs.sh("chmod 700 " + Specs.OUT + "; mkdir " + Specs.OUT + "/d; dd if=/dev/zero of=" + Specs.OUT
        + "/d/big bs=1M count=100 2>/dev/null; chmod 0 " + Specs.OUT + "/d; sleep 60", new Mount.Scratch(Specs.OUT));
    Bench.Result result = bench.run(Specs.isolated("disk", host));
    assertThat(result.code()).isEqualTo(137);
    assertThat(result.log()).contains("No space left");
    Bench.Result inMemory = bench.run(Specs.isolated("tmp", Specs.sh("dd if=/dev/zero of=/tmp/big bs=1M count=100")));
    assertThat(inMemory.code()).isNotZero();
    assertThat(inMemory.log()).contains("No space left");
  }

  @Test
  void theServerReachesTheServicePort() throws IOException {
    String program = "import socket\ns=socket.create_server(('127.0.0.1',80))\nprint('up',flush=True)\n"
        + "c,_=s.accept()\nd=b''\nwhile True:\n  p=c.recv(65536)\n  if not p: break\n  d+=p\n"
        + "c.sendall(d[::-1])\nc.close()";
    WorkloadSpec spec = Specs.isolated("service", Specs.python(program, 80));
    bench.backend.start(spec);
    bench.events.running(spec.id(), "algo-1");
    Bench.await("the service is up", () -> bench.log(spec).contains("up"));
    byte[] sent = new byte[3 << 20];
    new java.util.Random(7).nextBytes(sent);
    try (SocketChannel channel = bench.backend.connect(spec.id(), "algo-1")) {
      ByteBuffer out = ByteBuffer.wrap(sent);
      while (out.hasRemaining()) {
        channel.write(out);
      }
      channel.shutdownOutput();
      ByteBuffer in = ByteBuffer.allocate(sent.length + 1);
      while (channel.read(in) >= 0) {
        assertThat(in.hasRemaining()).isTrue();
      }
      assertThat(in.position()).isEqualTo(sent.length);
      for (int i = 0; i < sent.length; i++) {
        assertThat(in.get(i)).isEqualTo(sent[sent.length - 1 - i]);
      }
    }
    assertThat(bench.events.ended(spec.id(), "algo-1")).isInstanceOf(WorkloadState.Exited.class);
  }

  @Test
  void hostsOfOneWorkloadReachEachOtherByName() {
    String server = "import socket\ns=socket.create_server(('0.0.0.0',8080))\nc,_=s.accept()\n"
        + "print(c.recv(9).decode())";
    String client = "import socket,time\nfor i in range(500):\n"
        + "  try:\n    c=socket.create_connection(('algo-1',8080),1)\n"
        + "    break\n  except OSError: time.sleep(.02)\nc.sendall(b'hello')\nprint(socket.gethostname())";
    HostSpec one = Specs.host("algo-1", List.of("/usr/bin/python3", "-c", server), Map.of(), 0);
    HostSpec two = Specs.host("algo-2", List.of("/usr/bin/python3", "-c", client), Map.of(), 0);
    WorkloadSpec spec = Specs.isolated("pair", one, two);
    Bench.Result result = bench.run(spec);
    assertThat(bench.events.ended(spec.id(), "algo-2")).isInstanceOf(WorkloadState.Exited.class);
    assertThat(result.log()).isEqualTo("hello\n");
  }

  @Test
  void nothingSecretIsOnACommandLine() throws IOException {
    HostSpec host = Specs.host("algo-1", List.of("/bin/sh", "-c", "echo up; sleep 60"), 
        Map.of("TOKEN", "hush-hush"), 0);
    WorkloadSpec spec = Specs.isolated("secret", host);
    bench.backend.start(spec);
    Bench.await("it runs", () -> bench.log(spec).contains("up"));
    List<String> lines = new ArrayList<>();
    for (ProcessLine line : ProcessLine.all()) {
      Path file = Path.of("/proc/" + line.pid() + "/cmdline");
      try {
        lines.add(Files.readString(file, StandardCharsets.ISO_8859_1));
      } catch (IOException e) {
        lines.add("gone"); // the process ended meanwhile
      }
    }
    assertThat(lines).anyMatch(line -> line.startsWith("bwrap")).noneMatch(line -> line.contains("hush-hush"));
    assertThat(lines.stream().filter(line -> line.contains("echo up")).filter(line -> line.startsWith("bwrap")))
        .isEmpty();
  }

  @Test
  void removalLeavesNothing() throws IOException {
    WorkloadSpec spec = Specs.isolated("gone", Specs.sh(
        "cd " + Specs.OUT + "; mkdir -p a/b; chmod 0 a; ln -s /etc x; echo up; sleep 60",
        new Mount.Scratch(Specs.OUT)));
    bench.backend.start(spec);
    Bench.await("it runs", () -> bench.log(spec).contains("up"));
    Identity identity = Identity.read(folder.resolve("run/gone/algo-1/identity")).orElseThrow();
    bench.backend.remove(spec.id());
    assertThat(identity.alive()).isFalse();
    assertThat(ProcessLine.all()).noneMatch(line -> line.session() == identity.pid() && !line.zombie());
    assertThat(folder.resolve("run/gone")).doesNotExist();
    for (String controller : List.of("memory", "cpu", "pids")) {
      Path groups = Path.of("/sys/fs/cgroup", controller, "atelier");
      if (Files.isDirectory(groups)) {
        try (Stream<Path> all = Files.walk(groups)) {
          assertThat(all.map(Path::getFileName).map(Path::toString)).doesNotContain("gone.algo-1");
        }
      }
    }
  }

  @Test
  void hostileSpecificationsAreRefusedBeforeAnythingIsMade() {
    for (Mount mount : List.of(new Mount.Texts("/opt/x", Map.of("../y", "z")), new Mount.Scratch("/proc/x"),
        new Mount.Scratch("relative"), new Mount.Scratch("/a/../b"), new Mount.Scratch("/"),
        new Mount.Files("/opt/x", Map.of("/etc/passwd", folder)))) {
      WorkloadSpec spec = Specs.isolated("bad", Specs.sh("true", mount));
      assertThatThrownBy(() -> bench.backend.start(spec)).as(mount.toString()).isInstanceOf(ComputeException.class);
    }
    assertThat(folder.resolve("run/bad")).doesNotExist();
  }

  @Test
  void aStartTakesLessThanATenthOfASecond() {
    bench.run(Specs.isolated("warm", Specs.sh("true")));
    List<Long> millis = Bench.repeat(9, i -> {
      long begin = System.nanoTime();
      bench.run(Specs.isolated("run" + i, Specs.sh("true")));
      return (System.nanoTime() - begin) / 1_000_000;
    }).stream().sorted().toList();
    System.out.println("start to end of a trivial command, ms: " + millis);
    assertThat(millis.get(4)).isLessThan(Duration.ofSeconds(2).toMillis());
  }

  @Test
  void aLongRunFolderHasItsSocketsInAPrivateFolder() throws IOException {
    Path deep = folder.resolve("d".repeat(60)).resolve("e".repeat(60));
    WorkloadSpec spec = Specs.isolated("deep", Specs.python(
        "import socket\ns=socket.create_server(('',8080))\nprint('up',flush=True)\n"
            + "c,_=s.accept()\nc.sendall(b'hi')", 8080));
    Path sockets;
    try (Bench other = new Bench(deep)) {
      other.backend.start(spec);
      Bench.await("the service is up", () -> other.log(spec).contains("up"));
      sockets = other.backend.serviceSocket(spec.id(), "algo-1").getParent();
      assertThat(sockets.toString()).startsWith("/tmp/atelier-");
      try (SocketChannel channel = other.backend.connect(spec.id(), "algo-1")) {
        ByteBuffer answer = ByteBuffer.allocate(2);
        while (answer.hasRemaining() && channel.read(answer) >= 0) {
          assertThat(answer.position()).isPositive();
        }
        assertThat(new String(answer.array(), StandardCharsets.UTF_8)).isEqualTo("hi");
      }
    }
    assertThat(sockets).doesNotExist();
  }

  @Test
  void aStopDuringTheStartEndsIt() {
    WorkloadSpec spec = Specs.isolated("early", Specs.sh("sleep 600"));
    bench.backend.start(spec);
    bench.backend.stop(spec.id(), Duration.ofSeconds(20));
    assertThat(bench.events.ended(spec.id(), "algo-1")).isInstanceOfSatisfying(WorkloadState.Exited.class,
        end -> assertThat(end.exitCode()).isEqualTo(143));
  }

  @Test
  void oneFolderHasOneServer() {
    assertThatThrownBy(() -> new Bench(folder)).isInstanceOf(ComputeException.class).hasMessageContaining("open");
  }
}
