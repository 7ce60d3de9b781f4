package dev.atelier.entry;

import dev.atelier.compute.ComputeBackend;
import dev.atelier.compute.ComputeException;
import dev.atelier.compute.WorkloadId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Asks a program whether it answers. */
public final class ProgramProbe {
  private static final Duration PATIENCE = Duration.ofSeconds(2);
  private static final String GOOD = "HTTP/1.1 200";
  private static final int MOST_BYTES = 1 << 20;

  private final ComputeBackend backend;

  public ProgramProbe(ComputeBackend backend) {
    this.backend = backend;
  }

  /** Whether the program tells its status within two seconds. */
  public boolean answers(WorkloadId id, String host, String basePath, String token) {
    return says(id, host, request(basePath + "api/status", token), GOOD);
  }

  /** What a Jupyter server answers to a GET, when that is a 200 of at most a mebibyte within two seconds. */
  public Optional<byte[]> body(WorkloadId id, String host, String path, String token) {
    SocketChannel channel;
    try {
      channel = backend.connect(id, host);
    } catch (ComputeException notListening) {
      return Optional.empty();
    }
    CompletableFuture<Optional<byte[]>> answer = new CompletableFuture<>();
    Thread.ofVirtual().start(() -> answer.complete(get(channel, path, token)));
    try (channel) {
      return answer.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException | ExecutionException | IOException e) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  private static Optional<byte[]> get(SocketChannel channel, String path, String token) {
    try {
      send(channel, request(path, token));
      byte[] all = Channels.newInputStream(channel).readNBytes(MOST_BYTES);
      String text = new String(all, StandardCharsets.ISO_8859_1);
      int body = text.indexOf("\r\n\r\n") + 4;
      return text.startsWith(GOOD) && body >= 4 && all.length < MOST_BYTES
          ? Optional.of(Arrays.copyOfRange(all, body, all.length)) : Optional.empty();
    } catch (IOException gone) {
      return Optional.empty();
    }
  }

  private static String request(String path, String token) {
    return "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: token " + token
        + "\r\nConnection: close\r\n\r\n";
  }

  private static void send(SocketChannel channel, String text) throws IOException {
    ByteBuffer request = ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
    while (request.hasRemaining()) {
      channel.write(request);
    }
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
      send(channel, question);
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
