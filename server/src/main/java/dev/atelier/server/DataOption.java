package dev.atelier.server;

import dev.atelier.metadata.DataFolder;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The option that names the data folder, shared by all commands. */
final class DataOption {
  @Option(names = "--data", paramLabel = "DIR", description = "the data folder")
  private Path folder;

  Path folder() {
    return (folder == null ? Folders.data(System.getenv()) : folder).toAbsolutePath().normalize();
  }

  /** The server that runs on the folder. */
  DataFolder.Server requireServer() {
    return DataFolder.server(folder())
        .filter(server -> ProcessHandle.of(server.pid()).map(ProcessHandle::isAlive).orElse(false))
        .orElseThrow(() -> new CommandFailure("no server runs on " + folder() + "; start one with: ./atelier up"
            + (folder == null ? "" : " --data " + folder)));
  }
}
