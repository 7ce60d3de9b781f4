package dev.atelier.compute.oci;

import dev.atelier.compute.HostSpec;
import dev.atelier.compute.Image;
import dev.atelier.compute.Mount;
import dev.atelier.compute.NetworkPolicy;
import dev.atelier.compute.Resources;
import dev.atelier.compute.SandboxDoor;
import dev.atelier.compute.WorkloadId;
import dev.atelier.compute.WorkloadSpec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Small workloads in containers for tests. */
final class Specs {
  static final Resources SMALL = new Resources(1, 256L << 20, 0, 64, 64L << 20);
  static final String OUT = "/opt/ml/output";

  private Specs() {}

  static HostSpec sh(String name, String text, Mount... mounts) {
    return host(name, List.of("/bin/sh", "-c", text), 0, mounts);
  }

  static HostSpec python(String name, String text, int port, Mount... mounts) {
    return host(name, List.of("/usr/bin/python3", "-I", "-u", "-c", text), port, mounts);
  }

  private static HostSpec host(String name, List<String> command, int port, Mount... mounts) {
    return new HostSpec(name, new Image.Layered(List.of(), Map.of()), command, Map.of("GREETING", "hello"), "/",
        List.of(mounts), SMALL, port, 1000, 1000);
  }

  static WorkloadSpec workload(String id, NetworkPolicy network, HostSpec... hosts) {
    return new WorkloadSpec(new WorkloadId(id), "arn:test", List.of(hosts), network);
  }

  /** Answers each connection with the host's name and closes it. */
  record EchoDoor() implements SandboxDoor {
    @Override
    public AutoCloseable open(WorkloadSpec spec, String host, Path socket) {
      try {
        ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(socket));
        Thread.ofVirtual().start(() -> answer(server, host));
        return server;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private static void answer(ServerSocketChannel server, String host) {
      while (true) {
        try (SocketChannel client = server.accept()) {
          client.write(ByteBuffer.wrap(("this is " + host + "\n").getBytes(StandardCharsets.UTF_8)));
        } catch (ClosedChannelException e) {
          return;
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
    }

    @Override
    public Map<String, String> environment(WorkloadSpec spec, String host, int port) {
      return Map.of("API_PORT", Integer.toString(port));
    }
  }
}
