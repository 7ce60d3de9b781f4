package dev.atelier.models;

import java.util.Map;

/**
 * A generated record of a service model's structure. Absent scalars, structures and blobs are null components (the one
 * place where null is used); list and map accessors answer an empty collection instead, while {@link #toDocument} still
 * emits an empty collection that was set. Lists and maps are immutable copies; byte arrays are shared, not copied.
 * Modelled errors have no record: a {@code Fault} carries them.
 */
public interface WireRecord {
  /** The document of the members that were set, in the model's order. */
  Map<String, Object> toDocument();
}
