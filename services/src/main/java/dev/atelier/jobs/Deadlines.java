package dev.atelier.jobs;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Future;

/** What is to happen to jobs after a time, forgotten with the job: limits are days, and jobs are many. */
public final class Deadlines {
  private final Effects effects;
  private final Map<String, List<Future<?>>> waiting = new ConcurrentHashMap<>();

  public Deadlines(Effects effects) {
    this.effects = effects;
  }

  /** Does something after a delay unless the owner is forgotten until then. */
  public void after(String owner, Duration delay, Runnable work) {
    Future<?> deadline = effects.after(delay, work);
    waiting.compute(owner, (name, others) -> {
      List<Future<?>> all = others == null ? new CopyOnWriteArrayList<>() : others;
      all.removeIf(Future::isDone);
      all.add(deadline);
      return all;
    });
  }

  /** Lets nothing happen to an owner any more. */
  public void forget(String owner) {
    List<Future<?>> all = waiting.remove(owner);
    if (all != null) {
      all.forEach(deadline -> deadline.cancel(false));
    }
  }
}
