package dev.atelier.studio;

import dev.atelier.kernel.Fault;
import java.util.function.Function;

/** Refusals that several of Studio's operations share, in AWS's words. */
final class StudioFaults {
  /** A name, or an id, that is taken. */
  static final Fault TAKEN = Fault.resourceInUse("The ID or Name specified is already in use.");

  private StudioFaults() {}

  /** What is asked of a resource is not possible in its state. */
  static Function<StudioResource, Fault> inState(String doing) {
    return resource -> Fault.resourceInUse("Unable to " + doing + " " + resource.kind().words() + " ["
        + resource.arn() + "] because it is in " + resource.status() + " state.");
  }
}
