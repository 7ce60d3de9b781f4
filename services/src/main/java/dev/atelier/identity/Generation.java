package dev.atelier.identity;

import java.util.concurrent.atomic.AtomicLong;

/** Counts changes of identities and policies, so that what was read before a change is never used after it. */
final class Generation {
  private final AtomicLong changes = new AtomicLong();

  long current() {
    return changes.get();
  }

  void changed() {
    changes.incrementAndGet();
  }
}
