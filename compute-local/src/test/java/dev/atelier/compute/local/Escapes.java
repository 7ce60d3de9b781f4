package dev.atelier.compute.local;

import dev.atelier.compute.HostSpec;
import dev.atelier.compute.Mount;
import dev.atelier.compute.NetworkPolicy;
import dev.atelier.compute.WorkloadId;
import dev.atelier.compute.WorkloadSpec;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Runs the program that tries to escape, beside another sandbox, on a machine with something to find. */
final class Escapes implements AutoCloseable {
  private static final int FEWEST_TRIES = 60;
  private final Path folder;
  private final Path secret;
  private final Path abstractHolder;
  private final Process holder;
  private final ServerSocket loopback;
  private final String name = "atelier-escape-" + ProcessHandle.current().pid();

  /** @param folder a folder that every user can pass, so that only the sandbox hides what is in it */
  Escapes(Path folder) throws IOException {
    this.folder = folder;
    this.secret = Files.writeString(folder.resolve("secret"), "the host's own");
    Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-r--r--"));
    this.loopback = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
    this.abstractHolder = Files.writeString(folder.resolve("holder.py"),
        "import socket,sys\ns=socket.socket(socket.AF_UNIX); s.bind('\\0'+sys.argv[1]); s.listen()\n"
            + "print('up',flush=True)\nsys.stdin.read()\n");
    this.holder = new ProcessBuilder("/usr/bin/python3", "-I", abstractHolder.toString(), name).start();
    if (!"up".equals(holder.inputReader().readLine())) {
      throw new IOException("no abstract socket could be made");
    }
  }

  Path secret() {
    return secret;
  }

  /** The ways that were open; empty when the sandbox held. */
  List<String> open(Bench bench, NetworkPolicy network) throws IOException {
    WorkloadSpec other = new WorkloadSpec(new WorkloadId("other"), "arn:test", List.of(Specs.host("algo-1",
        List.of("/bin/sh", "-c", "echo mine > /opt/ml/output/mine; echo up; sleep 600"), Map.of(), 8080,
        new Mount.Scratch(Specs.OUT))), network);
    bench.backend.start(other);
    Bench.await("the other sandbox runs", () -> bench.log(other).contains("up"));
    Path run = folder.resolve("run");
    String paths = String.join(":", List.of("/root/.profile", "/root/.ssh",
        "/etc/shadow", "/var/lib/dpkg", "/home/user/x",
        run.toString(), run.resolve("other/algo-1/work/m/0/mine").toString(), "/boot", "/mnt",
        bench.backend.serviceSocket(other.id(), "algo-1").toString(), "/run/atelier/stage", "/run/systemd",
        "/run/lock", "/sys/kernel", "/opt/ml/output/mine"));
    HostSpec host = Specs.host("algo-1", List.of("/usr/bin/python3", "-I", "-c", script()),
        Map.of("ESCAPE_SECRET_FILE", secret.toString(), "ESCAPE_ABSTRACT", name, "ESCAPE_PORT",
            Integer.toString(loopback.getLocalPort()), "ESCAPE_PATHS", paths), 0, new Mount.Scratch(Specs.OUT));
    WorkloadSpec spec = new WorkloadSpec(new WorkloadId("escape"), "arn:test", List.of(host), network);
    Bench.Result result = bench.run(spec);
    List<String> open = new ArrayList<>(result.log().lines().filter(line -> line.startsWith("OPEN")).toList());
    int tries = result.log().lines().filter(line -> line.startsWith("TRIED ")).findFirst()
        .map(line -> Integer.parseInt(line.substring(6))).orElse(0);
    if (tries < FEWEST_TRIES) {
      open.add("only " + tries + " ways were tried: " + result.log());
    }
    return open;
  }

  /** Names that a collection gave while the program exchanged folders for links under it. */
  Set<String> collectedWhileSwapped(Bench bench) throws IOException {
    String program = "import os\nos.chdir('/opt/ml/output')\nos.mkdir('d')\nopen('d/own','w').write('own')\n"
        + "os.symlink('/usr/share','l')\nprint('up',flush=True)\n"
        + "while True:\n  os.rename('d','x'); os.rename('l','d'); os.rename('d','l'); os.rename('x','d')\n";
    WorkloadSpec spec = Specs.isolated("swaps", Specs.python(program, 0, new Mount.Scratch(Specs.OUT)));
    bench.backend.start(spec);
    Bench.await("it swaps", () -> bench.log(spec).contains("up"));
    Set<String> names = new HashSet<>();
    for (int round = 0; round < 10; round++) {
      var limits = new dev.atelier.compute.CollectionLimits(1 << 24, 1000, left -> {});
      try (InputStream tar = bench.backend.collect(spec.id(), "algo-1", Specs.OUT, limits);
          var entries = new org.apache.commons.compress.archivers.tar.TarArchiveInputStream(tar)) {
        for (var entry = entries.getNextEntry(); entry != null; entry = entries.getNextEntry()) {
          names.add(entry.getName());
        }
      }
    }
    return names;
  }

  private static String script() throws IOException {
    try (InputStream source = Escapes.class.getResourceAsStream("escape.py")) {
      return new String(source.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Override
  public void close() throws IOException {
    holder.destroy();
    loopback.close();
    Files.delete(secret);
    Files.delete(abstractHolder);
  }
}
