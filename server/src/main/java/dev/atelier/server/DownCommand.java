package dev.atelier.server;

import dev.atelier.metadata.DataFolder;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code atelier down}: ends the server of a data folder and its workloads. */
@Command(name = "down", mixinStandardHelpOptions = true, description = "Ends the server and what it runs.")
final class DownCommand implements Callable<Integer> {
  @Mixin
  private DataOption data;

  @Override
  public Integer call() throws Exception {
    DataFolder.Server server = data.requireServer();
    ProcessHandle process = ProcessHandle.of(server.pid()).orElseThrow();
    process.destroy();
    try {
      process.onExit().get(30, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      process.destroyForcibly();
      process.onExit().get(10, TimeUnit.SECONDS);
    }
    System.err.println("atelier: the server on " + data.folder() + " has ended");
    return 0;
  }
}
