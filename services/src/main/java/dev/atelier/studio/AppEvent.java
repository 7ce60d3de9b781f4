package dev.atelier.studio;

/** What can happen to an app. */
enum AppEvent {
  /** Its program answers. */
  STARTED,
  /** It cannot be started, or it ended by itself; the reason is told with the event. */
  BROKEN,
  /** Somebody asked for its deletion. */
  DELETE,
  /** What was left of it is gone. */
  REMOVED
}
