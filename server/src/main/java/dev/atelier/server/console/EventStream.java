package dev.atelier.server.console;

import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** What one browser has not been told yet. It holds few names at most: who is too slow reads everything anew. */
final class EventStream {
  /** What is kept for a browser that does not read. */
  static final int MOST = 1_000;

  private final String account;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition news = lock.newCondition();
  private Set<String> arns = new LinkedHashSet<>();
  private boolean lost;
  private boolean nudged;
  private boolean ended;

  /** @param account whose resources it is about */
  EventStream(String account) {
    this.account = account;
  }

  /**
   * What came since the last time.
   *
   * @param arns of what changed
   * @param lost whether there was more than could be kept
   * @param ended whether nothing more comes
   */
  record News(Set<String> arns, boolean lost, boolean ended) {}

  String account() {
    return account;
  }

  /** @param more of the account's resources */
  void changed(Set<String> more) {
    if (more.isEmpty()) {
      return;
    }
    locked(() -> {
      if (arns.size() + more.size() > MOST) {
        lost = true;
        arns.clear();
      } else {
        arns.addAll(more);
      }
    });
  }

  /** Makes whoever waits look whether its session still lasts. */
  void nudge() {
    locked(() -> nudged = true);
  }

  void end() {
    locked(() -> ended = true);
  }

  private void locked(Runnable change) {
    lock.lock();
    try {
      change.run();
      news.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Waits until there is news; returns without any when the time is over, or on {@link #nudge}. */
  News await(Duration longest) throws InterruptedException {
    lock.lock();
    try {
      long left = longest.toNanos();
      while (arns.isEmpty() && !lost && !nudged && !ended && left > 0) {
        left = news.awaitNanos(left);
      }
      News told = new News(arns, lost, ended);
      arns = new LinkedHashSet<>();
      lost = false;
      nudged = false;
      return told;
    } finally {
      lock.unlock();
    }
  }

  /** Waits so that what changes together is told together; ends early with the stream. */
  void gather(Duration pause) throws InterruptedException {
    lock.lock();
    try {
      long left = pause.toNanos();
      while (!ended && left > 0) {
        left = news.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }
}
