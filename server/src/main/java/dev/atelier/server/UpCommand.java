package dev.atelier.server;

import dev.atelier.compute.ComputeException;
import dev.atelier.compute.local.RunFolder;
import dev.atelier.metadata.DataFolderException;
import dev.atelier.server.config.ConfigException;
import dev.atelier.server.config.ServerConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code atelier up}: runs the server in the foreground until SIGTERM or SIGINT. */
@Command(name = "up", mixinStandardHelpOptions = true, description = "Starts the server in the foreground.")
final class UpCommand implements Callable<Integer> {
  @Mixin
  private DataOption data;

  @Option(names = "--port", defaultValue = "9000", description = "the port; 0 picks a free one (default: 9000)")
  private int port;

  @Option(names = "--host", defaultValue = "127.0.0.1", paramLabel = "ADDR",
      description = "the address to listen on (default: 127.0.0.1)")
  private String host;

  @Option(names = "--insecure-http",
      description = "answer other machines without TLS, too, although that shows data to the network")
  private boolean insecureHttp;

  @Option(names = "--public-host", paramLabel = "NAME", split = ",",
      description = "a name or address by which other machines reach this one (default: its own)")
  private List<String> publicHosts = List.of();

  @Option(names = "--tls-certificate", paramLabel = "FILE",
      description = "the certificate chain to show to other machines, PEM (default: one of Atelier's own)")
  private Path certificate;

  @Option(names = "--tls-key", paramLabel = "FILE", description = "the certificate's private key, PEM")
  private Path certificateKey;

  @Option(names = "--config", paramLabel = "FILE", description = "the configuration file (JSON with comments)")
  private Path config;

  @Override
  public Integer call() throws Exception {
    if ((certificate == null) != (certificateKey == null)) {
      throw new CommandFailure("--tls-certificate and --tls-key go together");
    }
    Binding binding = new Binding(new InetSocketAddress(address(), port), insecureHttp, publicHosts,
        Optional.ofNullable(certificate), Optional.ofNullable(certificateKey));
    try {
      ServerConfig settings = config == null ? ServerConfig.defaults() : ServerConfig.read(config);
      AtelierServer server =
          AtelierServer.start(data.folder(), Folders.cache(System.getenv()), binding, settings);
      Runtime.getRuntime().addShutdownHook(new Thread(() -> end(server), "stop"));
      binding.reachable(server.url().getPort()).ifPresent(System.out::println);
      System.out.println("The console is at " + ConsoleCommand.address(server.url())
          + "; ./atelier console prints a link to sign in, ./atelier studio one to JupyterLab");
      System.out.println("Atelier is ready at " + server.url());
      System.out.flush();
      server.join();
      return 0;
    } catch (ConfigException | DataFolderException e) {
      throw new CommandFailure(e.getMessage());
    } catch (IOException | UncheckedIOException | ComputeException e) {
      throw new CommandFailure(reason(e));
    }
  }

  private InetAddress address() {
    if (port < 0 || port > 65_535) {
      throw new CommandFailure("--port must be between 0 and 65535");
    }
    try {
      return InetAddress.getByName(host);
    } catch (UnknownHostException e) {
      throw new CommandFailure("--host " + host + " is not an address of this machine");
    }
  }

  /** One sentence about a start that failed: what was tried, and the machine's own words. */
  private String reason(Exception failure) {
    String text = String.valueOf(failure.getMessage());
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      switch (cause) {
        case BindException taken when String.valueOf(taken.getMessage()).contains("assign") -> {
          return "--host " + host + " is not an address of this machine";
        }
        case BindException taken -> {
          return "port " + port + " cannot be listened on (" + taken.getMessage()
              + "); choose another with --port, or end what listens there";
        }
        case FileSystemException file -> text = "the data folder " + data.folder() + " cannot be used: "
            + file.getFile() + ": " + (file.getReason() == null ? file.getClass().getSimpleName() : file.getReason());
        default -> {
          // its own message was the best so far
        }
      }
    }
    return text;
  }

  /** Programs outlive the server; whoever ends it is told which. */
  private void end(AtelierServer server) {
    server.stop();
    List<String> left = Compute.runFolder(data.folder()).look().stream().filter(RunFolder.Found::lives)
        .map(found -> found.owner() + " (" + found.id() + ")").toList();
    if (!left.isEmpty()) {
      System.err.println("atelier: " + left.size() + (left.size() == 1 ? " workload goes" : " workloads go")
          + " on without the server, and the next start finds " + (left.size() == 1 ? "it: " : "them: ")
          + String.join(", ", left));
    }
  }
}
