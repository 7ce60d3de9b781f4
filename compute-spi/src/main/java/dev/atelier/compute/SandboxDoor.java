package dev.atelier.compute;

import java.nio.file.Path;
import java.util.Map;

/**
 * The server's side of a sandbox's way out: whoever connects to the socket is that host and nobody else. The server
 * answers Atelier's API, the host's credentials and the egress proxy there. A backend opens the door before it starts
 * the host, again after a server restart, and closes it when the host ended.
 */
public interface SandboxDoor {

  /**
   * Listens on a unix socket at {@code socket}; the backend sets who may connect.
   *
   * @return closes the socket
   */
  AutoCloseable open(WorkloadSpec spec, String host, Path socket);

  /**
   * Variables that lead the host's clients through its door: endpoint, proxy, credentials address and token, CA
   * bundle. Stable for the life of the attempt.
   *
   * @param port the TCP port on 127.0.0.1 inside that leads to the socket
   */
  Map<String, String> environment(WorkloadSpec spec, String host, int port);
}
