package dev.atelier.jobs;

import dev.atelier.compute.CollectionLimits;
import java.util.Optional;
import java.util.function.Consumer;

/** Tells a job's owner what of its folders is not stored when its programs have ended. */
public final class NotStored {
  private final Consumer<String> log;
  private final Told told = new Told();
  /** Beside those, so that any number of links hides no file. */
  private final Told above = new Told();
  private Optional<String> exceeded = Optional.empty();

  /** @param log gets a line of each */
  public NotStored(Consumer<String> log) {
    this.log = log;
  }

  public void tell(String left) {
    told.tell("not stored: " + left, log);
  }

  /**
   * Limits of what is taken of a folder, whose consumers tell.
   *
   * @param inside the folder as the program saw it
   * @param maxBytes what the job's volume holds: a file with holes can look larger
   */
  public CollectionLimits limits(String inside, long maxBytes, long maxFiles) {
    return new CollectionLimits(maxBytes, maxFiles, false, left -> tell(inside + "/" + left),
        left -> exceeds(inside + "/" + left));
  }

  private synchronized void exceeds(String left) {
    above.tell("not stored: " + left, log);
    exceeded = exceeded.or(() -> Optional.of(left));
  }

  /** Names the first file that a limit kept from being stored, for a reason of failure; empty when there was none. */
  public synchronized Optional<String> complaint() {
    return exceeded.map(left -> "Not stored: " + left + ". All else that fits is stored; the job's log names the first "
        + "hundred that are not. Leave less there, or choose a larger VolumeSizeInGB where that is the limit");
  }
}
