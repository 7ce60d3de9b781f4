package dev.atelier.studio;

/** Runs apps. */
interface AppRuns {
  /**
   * Begins what the app's state asks for, and returns at once: starting its program, ending it. What is to be done
   * follows from the state alone and may be asked again; events go to {@link Apps#happened}.
   */
  void act(App app);

  /** Whether programs of an app type can be run. */
  boolean runs(String appType);
}
