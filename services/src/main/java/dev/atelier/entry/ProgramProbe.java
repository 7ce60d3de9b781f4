package dev.atelier.entry;

import dev.atelier.compute.ComputeBackend;
import dev.atelier.compute.ComputeException;
import dev.atelier.compute.WorkloadId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Asks a program whether it answers. */
public final class ProgramProbe {
  private static final Duration PATIENCE = Duration.ofSeconds(2);
  private static final String GOOD = "HTTP/1.1 200";

  private final ComputeBackend backend;

  public ProgramProbe(ComputeBackend backend) {
    this.backend = backend;
  }

  /** Whether the program tells its status within two seconds. */
  public boolean answers(WorkloadId id, String host, String basePath, String token) {
    return says(id, host, "GET " + basePath + "api/status HTTP/1.1\r\nHost: localhost\r\nAuthorization: token " + token
        + "\r\nConnection: close\r\n\r\n", GOOD);
  }

  /** Whether the program answers a question within two seconds by what begins as it should. */
  public boolean says(WorkloadId id, String host, String question, String beginning) {
    SocketChannel channel;
    try {
      channel = backend.connect(id, host);
    } catch (ComputeException notListening) {
      return false;
    }
    CompletableFuture<Boolean> good = new CompletableFuture<>();
    Thread.ofVirtual().start(() -> good.complete(ask(channel, question, beginning)));
    try (channel) {
      return good.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException | ExecutionException | IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static boolean ask(SocketChannel channel, String question, String beginning) {
    try {
      ByteBuffer request = ByteBuffer.wrap(question.getBytes(StandardCharsets.US_ASCII));
      while (request.hasRemaining()) {
        channel.write(request);
      }
      ByteBuffer answer = ByteBuffer.allocate(beginning.length());
      int got = 0;
      while (answer.hasRemaining() && got >= 0) {
        got = channel.read(answer);
      }
      return new String(answer.array(), StandardCharsets.US_ASCII).equals(beginning);
    } catch (IOException notYet) {
      return false;
    }
  }
}
