package dev.atelier.compute.local;

import dev.atelier.compute.HostSpec;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A container engine of this machine, which hosts run in instead of bubblewrap. What stands beside a host is the same:
 * its folders, its keeper and feeder, its network, its log.
 */
public interface ContainerRuntime {

  /**
   * A container that is to be made.
   *
   * @param name of the container; one that has it already is replaced
   * @param host what it runs
   * @param environment all variables, beside those of its image
   * @param binds what it sees of this machine, beside what its image names
   */
  record Plan(String name, HostSpec host, Map<String, String> environment, List<Bind> binds) {
    public Plan {
      environment = Map.copyOf(environment);
      binds = List.copyOf(binds);
    }
  }

  /** A file or folder of this machine, seen at {@code inside}. */
  record Bind(Path source, String inside, boolean readOnly) {}

  /** @throws dev.atelier.compute.ComputeException the host cannot be run; the message says why */
  void check(HostSpec host);

  /** The user of this machine who every container's program is, and whom its files belong to; never 0. */
  int owner();

  /** Makes a container that does not run, without a network. */
  void create(Plan plan) throws IOException;

  /** Ends and deletes a container. An unknown one is no error. */
  void remove(String name);

  /** The engine's command-line client: the words before {@code start}, {@code inspect}, {@code logs} and {@code wait}. */
  List<String> client();

  /** Whether the client can make a container's namespaces, with {@code init}, before its program starts. */
  boolean startsInTwoSteps();

  /** What containers are not held to, in sentences. */
  List<String> notLimited();
}
