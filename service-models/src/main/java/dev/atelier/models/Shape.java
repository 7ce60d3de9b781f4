package dev.atelier.models;

/** The type of a value in a service model. */
public sealed interface Shape permits StructureShape, ListShape, MapShape, StringShape, NumberShape, BooleanShape,
    BlobShape, TimestampShape {
  String name();

  /** Whether values are kept out of messages. */
  default boolean sensitive() {
    return false;
  }
}
