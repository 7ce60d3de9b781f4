package dev.atelier.hosting;

/** What can happen to an endpoint. */
enum EndpointEvent {
  /** Every host has answered {@code /ping} with 200. */
  ANSWERED,
  /** A host's program ended by itself. */
  HOST_ENDED,
  /** The endpoint cannot be started; the reason is told with the event. */
  BROKEN,
  /** Somebody asked for its deletion. */
  DELETE
}
