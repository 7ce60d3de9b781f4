package dev.atelier.jobs;

import dev.atelier.kernel.Fault;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * What an instance type's name stands for.
 *
 * @param accelerators GPUs or other accelerators
 */
public record InstanceType(String name, double vcpus, double memoryGiB, int accelerators) {
  private static final Map<String, InstanceType> TYPES = read();

  /** The type of a name that the service model accepts. */
  public static InstanceType require(String name) {
    InstanceType type = TYPES.get(name);
    if (type == null) {
      throw Fault.validation("The instance type " + name + " is not known to this version of Atelier.");
    }
    return type;
  }

  /** All that are known, by name. */
  public static Collection<InstanceType> all() {
    return new TreeMap<>(TYPES).values();
  }

  /** Those of its accelerators that are GPUs: Trainium's and Inferentia's are not. */
  int gpus() {
    return name.startsWith("ml.trn") || name.startsWith("ml.inf") ? 0 : accelerators;
  }

  public long memoryBytes() {
    return (long) (memoryGiB * (1L << 30));
  }

  private static Map<String, InstanceType> read() {
    try (BufferedReader lines = new BufferedReader(new InputStreamReader(
        InstanceType.class.getResourceAsStream("instance-types.tsv"), StandardCharsets.UTF_8))) {
      Map<String, InstanceType> types = new HashMap<>();
      lines.lines().skip(1).map(line -> line.split("\t")).forEach(cells -> types.put(cells[0], new InstanceType(
          cells[0], Double.parseDouble(cells[1]), Double.parseDouble(cells[2]), Integer.parseInt(cells[3]))));
      return Map.copyOf(types);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
