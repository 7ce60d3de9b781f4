package dev.atelier.compute.local;

import dev.atelier.compute.WorkloadEvent;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;

/** Tells events to the one listener, in the order in which they happened, on a thread of its own. */
final class Events implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(Events.class.getName());
  private final LinkedBlockingQueue<WorkloadEvent> waiting = new LinkedBlockingQueue<>();
  private Thread teller;

  synchronized void listen(Consumer<WorkloadEvent> listener) {
    if (teller != null) {
      throw new IllegalStateException("somebody watches already");
    }
    teller = Thread.ofVirtual().name("compute-events").start(() -> tell(listener));
  }

  void add(WorkloadEvent event) {
    waiting.add(event);
  }

  private void tell(Consumer<WorkloadEvent> listener) {
    while (true) {
      WorkloadEvent event;
      try {
        event = waiting.take();
      } catch (InterruptedException e) {
        return; // closed
      }
      try {
        listener.accept(event);
      } catch (RuntimeException e) {
        LOG.log(System.Logger.Level.ERROR, "the event of " + event.id() + "/" + event.host() + " was not taken", e);
      }
    }
  }

  @Override
  public synchronized void close() {
    if (teller != null) {
      teller.interrupt();
    }
  }
}
