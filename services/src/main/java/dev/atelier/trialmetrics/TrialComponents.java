package dev.atelier.trialmetrics;

import dev.atelier.kernel.Arn;

/** Which trial components there are, that metrics can be put under. */
@FunctionalInterface
public interface TrialComponents {

  /** @param component the ARN of a trial component, {@code experiment-trial-component/<name>} */
  boolean exist(Arn component);
}
