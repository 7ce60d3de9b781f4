package dev.atelier.models;

/** A reference to a shape, resolved when asked for: shapes refer to themselves, and most are never touched. */
public record ShapeRef(ServiceModel model, String name) {
  public Shape shape() {
    return model.shape(name);
  }

  @Override
  public String toString() {
    return name;
  }
}
