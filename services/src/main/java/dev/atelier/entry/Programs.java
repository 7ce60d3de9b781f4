package dev.atelier.entry;

import dev.atelier.kernel.Arn;

/** Programs of one kind of resource that browsers come to. */
public interface Programs {
  /** Whether an ARN is of this kind; it may be gone. */
  boolean are(Arn arn);

  /** Somebody enters: begins what it takes until the program answers, where the kind does so. Returns at once. */
  void entered(Arn arn);

  /** Somebody who entered changed something. */
  default void used(Arn arn) {}

  /** Where the program of an ARN stands. */
  Standing standing(Arn arn);
}
