package dev.atelier.studio;

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

/** Asks an app's program whether it answers. */
final class AppProbe {
  private static final Duration PATIENCE = Duration.ofSeconds(2);
  private static final String PAGES = "HTTP/1.1 200";
  private static final String KERNELS = "{\"kernels\"";

  private final ComputeBackend backend;

  AppProbe(ComputeBackend backend) {
    this.backend = backend;
  }

  /** Whether the program tells its status within two seconds. */
  boolean answers(WorkloadId id, AppKind kind, String token) {
    SocketChannel channel;
    try {
      channel = backend.connect(id, AppWorkload.HOST);
    } catch (ComputeException notListening) {
      return false;
    }
    CompletableFuture<Boolean> good = new CompletableFuture<>();
    Thread.ofVirtual().start(() -> good.complete(ask(channel, question(kind, token), kind.hasPages() ? PAGES : KERNELS)));
    try (channel) {
      return good.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException | ExecutionException | IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static String question(AppKind kind, String token) {
    return kind.hasPages() ? "GET " + kind.basePath() + "api/status HTTP/1.1\r\nHost: localhost\r\n"
        + "Authorization: token " + token + "\r\nConnection: close\r\n\r\n" : "{\"op\": \"list\"}\n";
  }

  private static boolean ask(SocketChannel channel, String question, String good) {
    try {
      ByteBuffer request = ByteBuffer.wrap(question.getBytes(StandardCharsets.US_ASCII));
      while (request.hasRemaining()) {
        channel.write(request);
      }
      ByteBuffer answer = ByteBuffer.allocate(good.length());
      int got = 0;
      while (answer.hasRemaining() && got >= 0) {
        got = channel.read(answer);
      }
      return new String(answer.array(), StandardCharsets.US_ASCII).equals(good);
    } catch (IOException notYet) {
      return false;
    }
  }
}
