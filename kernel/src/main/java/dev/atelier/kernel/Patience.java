package dev.atelier.kernel;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Closes a connection whose peer does not answer in time: who waits for it hears so. */
public final class Patience {
  private final CompletableFuture<Void> answered = new CompletableFuture<>();

  /** @param connection is closed after a time, unless it was {@link #answered} by then */
  public Patience(Closeable connection, Duration time) {
    answered.orTimeout(time.toMillis(), TimeUnit.MILLISECONDS).exceptionally(late -> {
      try {
        connection.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return null;
    });
  }

  /** The peer answered, or nobody waits for that any more. */
  public void answered() {
    answered.complete(null);
  }
}
