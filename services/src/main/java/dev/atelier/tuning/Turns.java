package dev.atelier.tuning;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * Has things gone through, each by one thread at a time and once more after whatever was asked for meanwhile; what
 * nobody goes through is not remembered.
 */
final class Turns<T> {
  private final Map<T, Integer> asked = new ConcurrentHashMap<>();
  private final BiConsumer<T, Runnable> begin;
  private final Consumer<T> turn;

  /**
   * @param begin runs what it is given on a thread of its own, for a thing
   * @param turn goes through a thing
   */
  Turns(BiConsumer<T, Runnable> begin, Consumer<T> turn) {
    this.begin = begin;
    this.turn = turn;
  }

  /** Has a thing gone through after this; returns at once. */
  void ask(T thing) {
    if (asked.merge(thing, 1, Integer::sum) == 1) {
      begin.accept(thing, () -> go(thing));
    }
  }

  private void go(T thing) {
    boolean over = false;
    while (!over) {
      int seen = asked.get(thing);
      try {
        turn.accept(thing);
      } catch (RuntimeException | Error e) {
        // as when the disk is full or memory is short: whoever asks next begins again
        asked.remove(thing);
        throw e;
      }
      over = asked.compute(thing, (key, count) -> count == seen ? null : count) == null;
    }
  }

  /** How many things are being gone through. */
  int busy() {
    return asked.size();
  }
}
