package dev.atelier.compute.local;

import dev.atelier.compute.WorkloadEvent;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;

/** Tells events to the one listener, in the order in which they happened, on a thread of its own. */
final class Events implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(Events.class.getName());
  // Empty means the end: a listener is never interrupted in the middle of its work.
  private final LinkedBlockingQueue<Optional<WorkloadEvent>> waiting = new LinkedBlockingQueue<>();
  private Thread teller;

  synchronized void listen(Consumer<WorkloadEvent> listener) {
    if (teller != null) {
      throw new IllegalStateException("somebody watches already");
    }
    teller = Thread.ofVirtual().name("compute-events").start(() -> tell(listener));
  }

  void add(WorkloadEvent event) {
    waiting.add(Optional.of(event));
  }

  private void tell(Consumer<WorkloadEvent> listener) {
    while (true) {
      Optional<WorkloadEvent> next;
      try {
        next = waiting.take();
      } catch (InterruptedException e) {
        return;
      }
      if (next.isEmpty()) {
        return;
      }
      WorkloadEvent event = next.get();
      try {
        listener.accept(event);
      } catch (RuntimeException e) {
        LOG.log(System.Logger.Level.ERROR, "the event of " + event.id() + "/" + event.host() + " was not taken", e);
      }
    }
  }

  @Override
  public synchronized void close() {
    waiting.add(Optional.empty());
  }
}
