package dev.atelier.compute.local;

import dev.atelier.compute.SandboxDoor;
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
import java.util.Map;

/** Answers each connection with the host's name and closes it. */
record EchoDoor() implements SandboxDoor {
  @Override
  public AutoCloseable open(WorkloadSpec spec, String host, Path socket) {
    try {
      ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
      server.bind(UnixDomainSocketAddress.of(socket));
      Thread.ofVirtual().start(() -> {
        while (true) {
          try (SocketChannel client = server.accept()) {
            client.write(ByteBuffer.wrap(("this is " + host + "\n").getBytes(StandardCharsets.UTF_8)));
          } catch (ClosedChannelException e) {
            return;
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        }
      });
      return server;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public Map<String, String> environment(WorkloadSpec spec, String host, int port) {
    return Map.of("API_PORT", Integer.toString(port));
  }
}
