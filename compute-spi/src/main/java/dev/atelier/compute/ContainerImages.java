package dev.atelier.compute;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Set;

/** The images that a container backend's engine has, which {@link Image.Reference} names. */
public interface ContainerImages {

  /** Writes an image as {@code docker save} does. */
  interface Archive {
    void writeTo(OutputStream out) throws IOException;
  }

  boolean has(String name);

  /**
   * Gives the engine an image; it has it when this returns.
   *
   * @throws ComputeException the engine does not take it, or the archive could not be written
   */
  void load(Archive archive);

  /** The tags under which the engine has images of a name. */
  Set<String> tags(String name);

  /**
   * Takes a name from an image, and removes the image with its last name. An unknown one is no error.
   *
   * @param name with its tag
   * @return false when a container has the image, which stays as it is
   */
  boolean remove(String name);
}
