package dev.atelier.models;

import java.util.Optional;

/**
 * A member of a structure.
 *
 * @param location where the member travels in an HTTP request or answer
 * @param locationName its name there; the member's own name where the model gives none
 * @param renamed whether the model gave {@code locationName}
 * @param timestampFormat overrides the shape's own format
 */
public record Member(String name, ShapeRef target, Location location, String locationName, boolean renamed,
    boolean required, boolean flattened, boolean xmlAttribute, Optional<XmlNamespace> xmlNamespace, boolean streaming,
    boolean jsonValue, boolean idempotencyToken, boolean eventPayload, boolean hostLabel,
    Optional<String> timestampFormat) {

  /** Where a member travels. */
  public enum Location { BODY, HEADER, HEADERS, URI, QUERY_STRING, STATUS_CODE }

  public Shape shape() {
    return target.shape();
  }
}
