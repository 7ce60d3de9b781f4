package dev.atelier.models;

import java.math.BigDecimal;
import java.util.Optional;

/** A number; the bounds are inclusive. */
public record NumberShape(String name, Kind kind, Optional<BigDecimal> min, Optional<BigDecimal> max)
    implements Shape {

  /** The Java type of its values. */
  public enum Kind { INTEGER, LONG, FLOAT, DOUBLE }
}
