package dev.atelier.server;

import dev.atelier.metadata.DataFolder;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The option that names the data folder, shared by all commands. */
final class DataOption {
  @Option(names = "--data", paramLabel = "DIR", description = "the data folder")
  private Path folder;

  Path folder() {
    return (folder == null ? Folders.data(System.getenv()) : folder).toAbsolutePath().normalize();
  }

  /** The server that runs on the folder, by the lock that it holds: its process id alone may be another's by now. */
  Optional<DataFolder.Server> server() {
    return DataFolder.held(folder()) ? DataFolder.server(folder()) : Optional.empty();
  }

  /** The server that runs on the folder. */
  DataFolder.Server requireServer() {
    return server().orElseThrow(() -> new CommandFailure("no server runs on " + folder()
        + "; start one with: ./atelier up" + (folder == null ? "" : " --data " + folder)));
  }
}
