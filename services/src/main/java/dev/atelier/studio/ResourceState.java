package dev.atelier.studio;

import java.util.Map;
import java.util.Optional;

/** Where a resource of Studio stands. */
enum ResourceState {
  /** It is being made. */
  PENDING("Pending", "CREATING"),
  /** It can be used. */
  IN_SERVICE("InService", "CREATED"),
  /** It could not be made; it can only be deleted. */
  FAILED("Failed", "CREATE_FAILED"),
  /** A change was accepted and takes effect. */
  UPDATING("Updating", "UPDATING"),
  /** A change was accepted and did not take effect; the next one may. */
  UPDATE_FAILED("Update_Failed", "UPDATE_FAILED"),
  /** What it holds is being removed; its row goes last. */
  DELETING("Deleting", "DELETING"),
  /** What it holds could not be removed; the next deletion may succeed. */
  DELETE_FAILED("Delete_Failed", "DELETE_FAILED");

  private static final Map<ResourceState, Map<ResourceEvent, ResourceState>> TRANSITIONS = Map.of(
      PENDING, Map.of(
          ResourceEvent.DONE, IN_SERVICE,
          ResourceEvent.BROKEN, FAILED),
      IN_SERVICE, Map.of(
          ResourceEvent.UPDATE, UPDATING,
          ResourceEvent.DELETE, DELETING),
      FAILED, Map.of(ResourceEvent.DELETE, DELETING),
      UPDATING, Map.of(
          ResourceEvent.DONE, IN_SERVICE,
          ResourceEvent.BROKEN, UPDATE_FAILED),
      UPDATE_FAILED, Map.of(
          ResourceEvent.UPDATE, UPDATING,
          ResourceEvent.DELETE, DELETING),
      DELETING, Map.of(ResourceEvent.BROKEN, DELETE_FAILED),
      DELETE_FAILED, Map.of(ResourceEvent.DELETE, DELETING));

  private final String status;
  private final String imageStatus;

  ResourceState(String status, String imageStatus) {
    this.status = status;
    this.imageStatus = imageStatus;
  }

  /** The status of domains, profiles and spaces. */
  String status() {
    return status;
  }

  /** The status of images and their versions. */
  String imageStatus() {
    return imageStatus;
  }

  /** Whether something is still to be done about it. */
  boolean unsettled() {
    return this == PENDING || this == UPDATING || this == DELETING;
  }

  /** The state after an event; empty when the event means nothing here. */
  Optional<ResourceState> after(ResourceEvent event) {
    return Optional.ofNullable(TRANSITIONS.get(this).get(event));
  }
}
