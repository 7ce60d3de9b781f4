package dev.atelier.tuning;

/** What can happen to a tuning job. */
enum TuningEvent {
  /** All trials have ended, or a completion criterion is met. */
  FINISH,
  /** It cannot go on; the reason is told with the event. */
  BREAK,
  /** Somebody asked for the stop. */
  STOP,
  /** None of its training jobs runs any more. */
  DRAINED
}
