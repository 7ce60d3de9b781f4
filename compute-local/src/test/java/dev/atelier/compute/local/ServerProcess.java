package dev.atelier.compute.local;

import dev.atelier.compute.ComputeBackend;
import dev.atelier.compute.Mount;
import dev.atelier.compute.WorkloadSpec;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;

/** A server of its own process, to be killed: opens a run folder, starts one workload, says so, and waits for ever. */
final class ServerProcess {
  private ServerProcess() {}

  static final String CALL = "import os,socket,sys\nport=int(os.environ['API_PORT'])\n"
      + "def call():\n  s=socket.create_connection(('127.0.0.1',port)); d=s.makefile().read(); s.close(); return d\n";

  static WorkloadSpec workload(String kind) {
    return switch (kind) {
      case "counts" -> Specs.isolated("counts", Specs.sh(
          "i=0; while [ $i -lt 40 ]; do echo line $i; i=$((i+1)); sleep 0.05; done; exit 9"));
      case "calls" -> Specs.open("calls", Specs.python(CALL + "print(call(),end='',flush=True)\n"
          + "import time\nwhile not os.path.exists('/opt/ml/output/go'):\n"
          + "  time.sleep(.1)\n  d=call()\n  print(d,end='',flush=True)\n  if d: break\n", 0,
          new Mount.Scratch(Specs.OUT)));
      case "asks" -> Specs.open("asks", Specs.python("""
          import http.client, os, sys, threading, time
          while True:
            link = http.client.HTTPConnection('127.0.0.1', int(os.environ['API_PORT']), timeout=1)
            long = threading.Timer(1.5, print, ['still asking'], {'flush': True})
            long.start()
            try:
              link.request('GET', '/atelier/credentials')
              link.getresponse()
            except http.client.RemoteDisconnected:
              pass
            except http.client.BadStatusLine:
              if long.finished.is_set():
                break
            except TimeoutError:
              sys.exit('it did not come within a second')
            except OSError:
              pass
            finally:
              long.cancel()
            time.sleep(.05)
          """, 0));
      case "pair" -> Specs.isolated("pair", Specs.host("algo-1", List.of("/bin/sh", "-c", "echo up; sleep 600"),
          java.util.Map.of(), 0), Specs.host("algo-2", List.of("/bin/sh", "-c", "echo up; sleep 600"),
          java.util.Map.of(), 0));
      default -> Specs.isolated(kind, Specs.sh("echo up; sleep 600"));
    };
  }

  public static void main(String[] words) throws InterruptedException {
    LocalComputeConfig config = LocalComputeConfig.of(Path.of(words[0]));
    ComputeBackend backend = LocalComputeBackend.open(config, new EchoDoor(), Clock.systemUTC());
    WorkloadSpec spec = workload(words[1]);
    backend.watch(event -> System.out.println(event.host() + " " + event.state().getClass().getSimpleName()));
    backend.start(spec);
    Thread.currentThread().join();
  }

  /** Starts it; its standard output tells the events. */
  static Process start(Path run, String kind, List<String> before) throws IOException {
    List<String> words = new ArrayList<>(before);
    words.addAll(List.of(Path.of(System.getProperty("java.home"), "bin/java").toString(), "-Xmx128m", "-cp",
        System.getProperty("java.class.path"), ServerProcess.class.getName(), run.toString(), kind));
    return new ProcessBuilder(words).redirectError(ProcessBuilder.Redirect.INHERIT).start();
  }
}
