package dev.atelier.algorithms;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The platform's wish that a training program ends early (SIGTERM). The program polls {@link #requested}, keeps what it
 * has and returns; only then does the process end, with the program's own exit code instead of the signal's.
 */
public final class Termination {
  /** The platform kills the program 120 seconds after the signal. */
  private static final long PATIENCE_SECONDS = 115;

  private final CountDownLatch finished = new CountDownLatch(1);
  private volatile boolean requested;
  private volatile int exitCode;

  /** A wish that arrives with SIGTERM. */
  public static Termination bySignal() {
    Termination termination = new Termination();
    Runtime.getRuntime().addShutdownHook(new Thread(termination::endAfterProgram, "termination"));
    return termination;
  }

  public boolean requested() {
    return requested;
  }

  public void request() {
    requested = true;
  }

  /** Says that the program is done with everything it had to keep. */
  public void finished(int code) {
    exitCode = code;
    finished.countDown();
  }

  private void endAfterProgram() {
    if (finished.getCount() == 0) {
      return;
    }
    requested = true;
    boolean kept = false;
    try {
      kept = finished.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    Runtime.getRuntime().halt(kept ? exitCode : 1);
  }
}
