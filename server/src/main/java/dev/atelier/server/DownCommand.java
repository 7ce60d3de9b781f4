package dev.atelier.server;

import dev.atelier.compute.local.RunFolder;
import dev.atelier.metadata.DataFolder;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/**
 * {@code atelier down}: ends the server of a data folder and its workloads, those of a server that is gone too. A job
 * whose program is ended here fails at the next start and says so; an endpoint is started again then.
 */
@Command(name = "down", mixinStandardHelpOptions = true, description = "Ends the server and what it runs.")
final class DownCommand implements Callable<Integer> {
  static final String REASON = "The job's sandbox was ended by atelier down";

  @Mixin
  private DataOption data;

  @Override
  public Integer call() throws Exception {
    Optional<DataFolder.Server> server = data.server();
    if (server.isPresent()) {
      end(ProcessHandle.of(server.get().pid()).orElseThrow());
      System.err.println("atelier: the server on " + data.folder() + " has ended");
    }
    List<RunFolder.Found> ended = Compute.runFolder(data.folder()).endAll(REASON, Clock.systemUTC());
    ended.forEach(found -> System.err.println("atelier: ended " + found.owner() + " (" + found.id() + ")"));
    if (server.isEmpty() && ended.isEmpty()) {
      data.requireServer();
    }
    return 0;
  }

  private static void end(ProcessHandle process) throws Exception {
    process.destroy();
    try {
      process.onExit().get(30, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      process.destroyForcibly();
      process.onExit().get(10, TimeUnit.SECONDS);
    }
  }
}
