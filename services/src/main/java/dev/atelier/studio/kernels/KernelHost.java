package dev.atelier.studio.kernels;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.atelier.compute.ComputeBackend;
import dev.atelier.compute.WorkloadId;
import dev.atelier.kernel.Fault;
import dev.atelier.kernel.Patience;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;

/** The program that keeps an app's kernels, as the server talks to it; see {@code kernel_host.py}. */
final class KernelHost {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int BUFFER = 32 << 10;
  private static final int LONGEST_LINE = 1 << 20;
  /** A kernel may take some seconds for its last words, and is waited for. */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final ComputeBackend backend;
  private final WorkloadId id;
  private final String host;

  /** @param host the name of the workload's host */
  KernelHost(ComputeBackend backend, WorkloadId id, String host) {
    this.backend = backend;
    this.id = id;
    this.host = host;
  }

  /** A connection on which something was asked and answered, and more follows. */
  record Line(SocketChannel channel, DataInputStream in, JsonNode answer) implements AutoCloseable {
    void send(ByteBuffer... parts) throws IOException {
      long left = 0;
      for (ByteBuffer part : parts) {
        left += part.remaining();
      }
      while (left > 0) {
        left -= channel.write(parts);
      }
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }

  /**
   * Asks for something that is answered at once.
   *
   * @throws Fault ValidationException: the host refuses, and says why
   * @throws IOException the host does not answer
   */
  JsonNode ask(Map<String, Object> question) throws IOException {
    try (Line line = open(question)) {
      return line.answer();
    }
  }

  /** As {@link #ask}; the connection stays open. */
  Line open(Map<String, Object> question) throws IOException {
    SocketChannel channel = backend.connect(id, host);
    Patience patience = new Patience(channel, PATIENCE);
    try {
      ByteArrayOutputStream asked = new ByteArrayOutputStream();
      asked.write(JSON.writeValueAsBytes(question));
      asked.write('\n');
      DataInputStream in = new DataInputStream(new BufferedInputStream(Channels.newInputStream(channel), BUFFER));
      Line line = new Line(channel, in, JSON.missingNode());
      line.send(ByteBuffer.wrap(asked.toByteArray()));
      JsonNode answer = JSON.readTree(firstLine(in));
      if (answer.has("error")) {
        throw Fault.validation(answer.get("error").asText());
      }
      return new Line(channel, in, answer);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    } finally {
      patience.answered();
    }
  }

  private static String firstLine(DataInputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    int next = in.read();
    while (next != '\n') {
      if (next < 0 || line.size() > LONGEST_LINE) {
        throw new EOFException("the kernels' host gave no answer");
      }
      line.write(next);
      next = in.read();
    }
    return line.toString(StandardCharsets.UTF_8);
  }
}
