package dev.atelier.compute;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** What a host's root file system holds. */
public sealed interface Image {

  /**
   * The machine's own /usr read-only plus folders of the server's caches, such as a Python environment or a Java
   * runtime.
   *
   * @param layers folders bound read-only at the path inside that they name
   * @param environment variables the image sets; the host's own come after and win
   */
  record Layered(List<Layer> layers, Map<String, String> environment) implements Image {
    public Layered {
      layers = List.copyOf(layers);
      environment = Map.copyOf(environment);
    }
  }

  /**
   * A container image that the engine of a container backend has; no other backend runs it.
   *
   * @param uri its name there
   * @param layers folders of this machine that are seen in it, too
   */
  record Reference(String uri, List<Layer> layers) implements Image {
    public Reference {
      layers = layers == null ? List.of() : List.copyOf(layers);
    }
  }

  /**
   * A folder of this machine, seen read-only at {@code inside}; at {@code /usr} together with the machine's own, where the
   * backend can show both, else not at all.
   */
  record Layer(Path source, String inside) {
    /** No name of a getter: what is kept beside a running workload has a layer as its two parts. */
    public boolean atUsr() {
      return inside.equals("/usr");
    }
  }
}
