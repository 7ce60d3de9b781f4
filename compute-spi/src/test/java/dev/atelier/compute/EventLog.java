package dev.atelier.compute;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** Keeps the events of a backend and waits for the one a test needs. */
public final class EventLog implements Consumer<WorkloadEvent> {
  private static final Duration DEADLINE = Duration.ofSeconds(90);
  private final List<WorkloadEvent> events = new ArrayList<>();

  @Override
  public synchronized void accept(WorkloadEvent event) {
    events.add(event);
    notifyAll();
  }

  public synchronized List<WorkloadState> states(WorkloadId id, String host) {
    return events.stream()
        .filter(event -> event.id().equals(id) && event.host().equals(host))
        .map(WorkloadEvent::state)
        .toList();
  }

  public WorkloadState ended(WorkloadId id, String host) {
    return await(id, host, WorkloadState::ended);
  }

  public WorkloadState running(WorkloadId id, String host) {
    return await(id, host, state -> state instanceof WorkloadState.Running || state.ended());
  }

  public synchronized WorkloadState await(WorkloadId id, String host, Predicate<WorkloadState> wanted) {
    long end = System.nanoTime() + DEADLINE.toNanos();
    while (true) {
      for (WorkloadState state : states(id, host)) {
        if (wanted.test(state)) {
          return state;
        }
      }
      long left = (end - System.nanoTime()) / 1_000_000;
      if (left <= 0) {
        throw new AssertionError("no such event of " + id + "/" + host + " within " + DEADLINE + ": " + events);
      }
      try {
        wait(left);
      } catch (InterruptedException e) {
        throw new AssertionError("interrupted", e);
      }
    }
  }
}
