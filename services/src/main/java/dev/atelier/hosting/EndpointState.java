package dev.atelier.hosting;

import java.util.Map;
import java.util.Optional;

/** Where an endpoint stands. */
enum EndpointState {
  /** Its hosts are being started; they have not answered yet. */
  CREATING("Creating"),
  /** Every host answers. */
  IN_SERVICE("InService"),
  /** A host ended by itself; the endpoint is started anew while it still counts as in service. */
  RESTARTING("InService"),
  /** It could not be started, or its hosts keep ending. */
  FAILED("Failed"),
  /** Its hosts are being ended; its row goes last. */
  DELETING("Deleting");

  private static final Map<EndpointState, Map<EndpointEvent, EndpointState>> TRANSITIONS = Map.of(
      CREATING, Map.of(
          EndpointEvent.ANSWERED, IN_SERVICE,
          EndpointEvent.BROKEN, FAILED,
          EndpointEvent.DELETE, DELETING),
      IN_SERVICE, Map.of(
          EndpointEvent.HOST_ENDED, RESTARTING,
          EndpointEvent.DELETE, DELETING),
      RESTARTING, Map.of(
          EndpointEvent.ANSWERED, IN_SERVICE,
          EndpointEvent.BROKEN, FAILED,
          EndpointEvent.DELETE, DELETING),
      FAILED, Map.of(EndpointEvent.DELETE, DELETING));

  private final String status;

  EndpointState(String status) {
    this.status = status;
  }

  /** EndpointStatus as the API shows it. */
  String status() {
    return status;
  }

  /** The state after an event; empty when the event means nothing here. */
  Optional<EndpointState> after(EndpointEvent event) {
    return Optional.ofNullable(TRANSITIONS.getOrDefault(this, Map.of()).get(event));
  }
}
