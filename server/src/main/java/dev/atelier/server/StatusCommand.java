package dev.atelier.server;

import dev.atelier.metadata.DataFolder;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code atelier status}: what runs on a data folder. */
@Command(name = "status", mixinStandardHelpOptions = true, description = "Lists what runs.")
final class StatusCommand implements Callable<Integer> {
  @Mixin
  private DataOption data;

  @Override
  public Integer call() {
    DataFolder.Server server = data.requireServer();
    System.out.println("server   " + server.url() + "  pid " + server.pid() + "  version " + server.version());
    return 0;
  }
}
