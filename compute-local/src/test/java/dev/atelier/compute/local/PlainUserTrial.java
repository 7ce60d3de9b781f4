package dev.atelier.compute.local;

import dev.atelier.compute.HostSpec;
import dev.atelier.compute.Mount;
import dev.atelier.compute.NetworkPolicy;
import dev.atelier.compute.WorkloadSpec;
import dev.atelier.compute.WorkloadState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Runs the backend as whoever runs this, and prints what went wrong; the last line is the number of trials. */
final class PlainUserTrial {
  private final Path folder;
  private int trials;

  private PlainUserTrial(Path folder) {
    this.folder = folder;
  }

  private void expect(String what, boolean holds) {
    trials++;
    if (!holds) {
      System.out.println("WRONG " + what);
    }
  }

  private Bench bench(List<String> holes) {
    return new Bench(LocalComputeConfig.of(folder.resolve("run")), new EchoDoor(), holes);
  }

  private void basics() throws IOException {
    Path object = Files.writeString(folder.resolve("object"), "rows");
    try (Bench bench = bench(List.of())) {
      HostSpec host = Specs.sh(
          "cat /in/a; echo more >> /in/a; cat /in/a; id -u; echo kept > " + Specs.OUT + "/f; exit 4",
          new Mount.Files("/in", Map.of("a", object)), new Mount.Scratch(Specs.OUT));
      Bench.Result result = bench.run(Specs.isolated("basics", host));
      expect("exit code " + result, result.code() == 4);
      expect("log " + result.log(), result.log().equals("rowsrowsmore\n1000\n"));
      expect("the source changed", Files.readString(object).equals("rows"));
      WorkloadSpec calls = Specs.open("calls", Specs.python(ServerProcess.CALL + "print(call(),end='')", 0));
      expect("the door", bench.run(calls).log().equals("this is algo-1\n"));
      WorkloadSpec waits = Specs.isolated("waits", Specs.sh("echo up; exec sleep 600"));
      bench.backend.start(waits);
      Bench.await("it runs", () -> bench.log(waits).contains("up"));
      bench.backend.stop(waits.id(), Duration.ofSeconds(20));
      WorkloadState end = bench.events.ended(waits.id(), "algo-1");
      expect("stop " + end, end instanceof WorkloadState.Exited exited && exited.exitCode() == 143);
      pair(bench);
    }
  }

  private void pair(Bench bench) {
    HostSpec one = Specs.host("algo-1", List.of("/usr/bin/python3", "-c",
        "import socket\ns=socket.create_server(('0.0.0.0',8080))\nc,_=s.accept()\n"
            + "print(c.recv(9).decode())"), Map.of(), 0);
    HostSpec two = Specs.host("algo-2", List.of("/usr/bin/python3", "-c",
        "import socket,time\nfor i in range(500):\n  try:\n    c=socket.create_connection(('algo-1',8080),1); break\n"
            + "  except OSError: time.sleep(.02)\nc.sendall(b'hello')"), Map.of(), 0);
    Bench.Result result = bench.run(Specs.isolated("pair", one, two));
    expect("the network of two hosts " + result, result.log().equals("hello\n"));
  }

  private void escapes() throws IOException {
    try (Escapes escapes = new Escapes(folder)) {
      for (NetworkPolicy network : NetworkPolicy.values()) {
        try (Bench bench = bench(List.of())) {
          List<String> open = escapes.open(bench, network);
          expect("ways out: " + open, open.isEmpty());
        }
      }
      try (Bench bench = bench(List.of())) {
        Set<String> names = escapes.collectedWhileSwapped(bench);
        expect("collected while swapped: " + names,
            Set.of("d/", "d/own", "x/", "x/own", "l/", "l/own").containsAll(names));
      }
      String secret = escapes.secret().toString();
      try (Bench bench = bench(List.of("--ro-bind", secret, secret))) {
        expect("a planted hole is found", !escapes.open(bench, NetworkPolicy.ISOLATED).isEmpty());
      }
    }
  }

  public static void main(String[] words) throws IOException {
    PlainUserTrial trial = new PlainUserTrial(Path.of(words[0]));
    trial.basics();
    trial.escapes();
    System.out.println("TRIALS " + trial.trials);
  }
}
