package dev.atelier.studio;

/** What can happen to a resource of Studio. */
enum ResourceEvent {
  /** What its state asks for is done. */
  DONE,
  /** It cannot be done; the reason is told with the event. */
  BROKEN,
  /** Somebody asked for a change. */
  UPDATE,
  /** Somebody asked for its deletion. */
  DELETE
}
