package dev.atelier.processing;

/** What can happen to a processing job. */
enum ProcessingEvent {
  /** Capacity was granted and the image is ready. */
  PREPARED,
  /** The program of the first host runs. */
  STARTED,
  /** Every host's program ended with exit code 0. */
  EXITED_WELL,
  /** A host's program ended otherwise. */
  EXITED_BADLY,
  /** The job was told to end and has no program that could: none was started, or it is gone. */
  NEVER_STARTED,
  /** Somebody asked for the stop. */
  STOP,
  /** The longest run time has passed. */
  EXPIRE,
  /** What the program left is stored. */
  COLLECTED,
  /** The platform cannot go on; the reason is told with the event. */
  BROKEN
}
