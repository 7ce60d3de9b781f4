package dev.atelier.jobs;

import dev.atelier.compute.CollectionLimits;
import dev.atelier.compute.ComputeException;
import java.util.function.Consumer;

/** Tells a job's owner what of its folders is not stored when its programs have ended. */
public final class NotStored {
  private final Consumer<String> log;
  private final Told told = new Told();
  private String exceeded = "";

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
    return new CollectionLimits(maxBytes, maxFiles, false, this::tell, left -> {
      tell(left);
      exceeds(inside + "/" + left);
    });
  }

  private synchronized void exceeds(String left) {
    exceeded = exceeded.isEmpty() ? left : exceeded;
  }

  /** @throws ComputeException which names the first file that a limit kept from being stored, if one did */
  public synchronized void complain() {
    if (!exceeded.isEmpty()) {
      throw new ComputeException("Not stored: " + exceeded + ". All that fits is stored; the job's log names all that is "
          + "not. Choose a larger VolumeSizeInGB, which is the limit, or leave less there");
    }
  }
}
