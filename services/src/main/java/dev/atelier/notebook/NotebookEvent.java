package dev.atelier.notebook;

/** What can happen to a notebook instance. */
enum NotebookEvent {
  /** Its program answers. */
  STARTED,
  /** It cannot be started, or it ended by itself; the reason is told with the event. */
  BROKEN,
  /** Somebody asked for its stop. */
  STOP,
  /** Nothing of it runs any more. */
  HALTED,
  /** Somebody asked for its start. */
  START,
  /** Somebody asked for a change. */
  UPDATE,
  /** The change holds. */
  UPDATED,
  /** Somebody asked for its deletion. */
  DELETE
}
