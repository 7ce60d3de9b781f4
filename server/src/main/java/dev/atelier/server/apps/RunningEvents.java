package dev.atelier.server.apps;

import com.fasterxml.jackson.databind.JsonNode;
import dev.atelier.kernel.Arn;
import dev.atelier.wire.Headers;
import dev.atelier.wire.WireResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Server-sent events that bring what of an owner's runs, whenever that changes. */
final class RunningEvents implements AutoCloseable {
  private static final long HEARTBEAT_MILLIS = 15_000;
  /** What changes together is told together. */
  private static final long GATHER_MILLIS = 200;
  /** Of one owner, so that nobody takes what others need. */
  private static final int MOST = 100;

  private final Set<Stream> streams = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  private record Stream(Arn owner, Semaphore news) {
    @Override
    public boolean equals(Object other) {
      return this == other;
    }

    @Override
    public int hashCode() {
      return System.identityHashCode(this);
    }
  }

  /** Something of an owner's changed; on a thread that is not kept. */
  void changed(Arn owner) {
    streams.stream().filter(stream -> stream.owner().equals(owner)).forEach(stream -> stream.news().release());
  }

  /**
   * An answer that lasts.
   *
   * @param running what runs now
   * @param lasts whether the session that asks still does
   */
  WireResponse answer(Arn owner, Supplier<JsonNode> running, BooleanSupplier lasts) {
    if (streams.stream().filter(stream -> stream.owner().equals(owner)).count() >= MOST) {
      return JsonAnswers.error(429, MOST + " pages of yours follow what runs already; close some.");
    }
    return new WireResponse(200, Headers.of("Content-Type", "text/event-stream", "Cache-Control", "no-store",
        "X-Accel-Buffering", "no"), new WireResponse.Events(out -> {
          Stream stream = new Stream(owner, new Semaphore(1));
          streams.add(stream);
          try {
            write(out, stream, running, lasts);
          } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
          } finally {
            streams.remove(stream);
          }
        }));
  }

  private void write(OutputStream out, Stream stream, Supplier<JsonNode> running, BooleanSupplier lasts)
      throws IOException, InterruptedException {
    JsonNode told = JsonAnswers.object();
    long number = 0;
    while (!closed && lasts.getAsBoolean()) {
      if (stream.news().tryAcquire(HEARTBEAT_MILLIS, TimeUnit.MILLISECONDS)) {
        stream.news().drainPermits();
        JsonNode now = running.get();
        if (!now.equals(told)) {
          told = now;
          number++;
          send(out, "id: " + number + "\nevent: running\ndata: " + now + "\n\n");
        }
        TimeUnit.MILLISECONDS.sleep(GATHER_MILLIS);
      } else {
        send(out, ":\n\n");
      }
    }
  }

  private static void send(OutputStream out, String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.UTF_8));
    out.flush();
  }

  @Override
  public void close() {
    closed = true;
    streams.forEach(stream -> stream.news().release());
  }
}
