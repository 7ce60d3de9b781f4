package dev.atelier.compute.local;

import dev.atelier.compute.ComputeException;
import java.util.BitSet;

/**
 * Hands out host user ids, each to one sandbox at a time. The ids in use are written in the host folders; whoever opens
 * a run folder claims them again first.
 */
final class SandboxUids {
  private final int first;
  private final int size;
  private final BitSet used = new BitSet();
  private final BitSet kept = new BitSet();
  private final boolean shared;
  private int next;

  /** @param seed where to begin, so that two servers on one machine rarely meet */
  SandboxUids(int first, int last, int seed) {
    this(first, last, seed, false);
  }

  private SandboxUids(int first, int last, int seed, boolean shared) {
    this.shared = shared;
    this.first = first;
    this.size = last - first + 1;
    this.next = Math.floorMod(seed, size);
  }

  /** One id for all, whom something else than their user keeps apart. */
  static SandboxUids shared(int uid) {
    return new SandboxUids(uid, uid, 0, true);
  }

  synchronized void claim(int uid) {
    if (uid >= first && uid < first + size) {
      used.set(uid - first);
    }
  }

  synchronized int take() {
    if (shared) {
      return first;
    }
    for (int tried = 0; tried < size; tried++) {
      int candidate = (next + tried) % size;
      if (!used.get(candidate)) {
        used.set(candidate);
        next = (candidate + 1) % size;
        return first + candidate;
      }
    }
    throw new ComputeException("all " + size + " user ids of sandboxUids are in use");
  }

  /** Takes an id out of turn until it is given up, whatever host is over. */
  synchronized void keep(int uid) {
    claim(uid);
    if (uid >= first && uid < first + size) {
      kept.set(uid - first);
    }
  }

  /** Ends {@link #keep}. */
  synchronized void giveUp(int uid) {
    if (uid >= first && uid < first + size) {
      kept.clear(uid - first);
      used.clear(uid - first);
    }
  }

  synchronized void free(int uid) {
    if (uid >= first && uid < first + size && !kept.get(uid - first)) {
      used.clear(uid - first);
    }
  }
}
