package dev.atelier.ecr;

import dev.atelier.compute.ComputeException;
import dev.atelier.compute.ContainerImages;

/** The copies of pushed images that a container engine has for one server; others may share the engine. */
public final class EngineImages {
  private static final String SHA256 = "sha256:";

  private final ContainerImages engine;
  private final String name;
  private final Images images;

  /** @param server tells the server's copies from those of others, in letters and digits */
  EngineImages(ContainerImages engine, String server, Images images) {
    this.engine = engine;
    this.name = "localhost/atelier-pushed-" + server;
    this.images = images;
  }

  /**
   * What an image is called in the engine, which has it when this returns; its configuration alone decides what it is.
   *
   * @param loading run before it is copied there
   * @throws ComputeException the engine does not take it, or it could not be read
   */
  String require(Registry registry, Repository repository, Manifest manifest, Runnable loading) {
    String copy = name(manifest.config().orElseThrow().digest());
    if (!engine.has(copy)) {
      loading.run();
      engine.load(new ImageArchive(registry, repository, manifest, copy)::write);
    }
    return copy;
  }

  String name(String config) {
    return name + ":" + config.substring(SHA256.length());
  }

  /** Removes copies of images that no repository has any more; those that containers use stay until a later call. */
  void tidy() {
    for (String tag : engine.tags(name)) {
      if (!images.needs(SHA256 + tag)) {
        engine.remove(name + ":" + tag);
      }
    }
  }
}
