package dev.atelier.compute.local;

import dev.atelier.compute.ComputeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Hands out the machine's NVIDIA GPUs, each to one host at a time. A sandbox has no device nodes but those that it is
 * given and cannot make any, so its programs see their own GPUs and no others. Which ones a host has is written in its
 * folder; whoever opens a run folder claims them again first.
 */
final class Gpus {
  private static final Pattern NODE = Pattern.compile("nvidia([0-9]+)");
  /** What every program that uses a GPU opens beside it. */
  private static final List<String> COMMON = List.of("nvidiactl", "nvidia-uvm", "nvidia-uvm-tools");

  private final Path devices;
  private final Map<String, Place> places = new HashMap<>();

  /** What a machine, or a host that has none, was given. @param groups its hosts, which share it */
  private record Place(List<Integer> gpus, Set<String> groups) {}

  Gpus(Path devices) {
    this.devices = devices;
  }

  /** The minor numbers of the GPUs below a folder such as {@code /dev}, in order. */
  static List<Integer> found(Path devices) {
    try (Stream<Path> nodes = Files.list(devices)) {
      return nodes.map(node -> NODE.matcher(node.getFileName().toString())).filter(Matcher::matches)
          .map(name -> Integer.parseInt(name.group(1))).sorted().toList();
    } catch (IOException e) {
      throw new ComputeException(devices + " cannot be listed: " + e.getMessage(), e);
    }
  }

  /**
   * Gives a host so many that nobody has, or those of its machine.
   *
   * @param group the host's control group, {@code machine/host} where hosts share a machine
   */
  synchronized List<Integer> take(String group, int count) {
    if (count == 0) {
      return List.of();
    }
    Place present = places.get(Processors.name(group));
    if (present != null) {
      present.groups().add(group);
      return present.gpus();
    }
    Set<Integer> held = places.values().stream().flatMap(place -> place.gpus().stream()).collect(Collectors.toSet());
    List<Integer> free = found(devices).stream().filter(gpu -> !held.contains(gpu)).limit(count).toList();
    if (free.size() < count) {
      throw new ComputeException("CapacityError: " + count + " GPUs are asked for and " + free.size() + " are free");
    }
    claim(group, free);
    return free;
  }

  /** Counts what a host has already. */
  synchronized void claim(String group, List<Integer> gpus) {
    if (!gpus.isEmpty()) {
      places.computeIfAbsent(Processors.name(group), name -> new Place(gpus, new HashSet<>())).groups().add(group);
    }
  }

  /** A host is over. */
  synchronized void leave(String group) {
    places.computeIfPresent(Processors.name(group), (name, place) -> {
      place.groups().remove(group);
      return place.groups().isEmpty() ? null : place;
    });
  }

  /** The device nodes of some GPUs, with those that all of them need; none for none. */
  List<Path> nodes(List<Integer> gpus) {
    if (gpus.isEmpty()) {
      return List.of();
    }
    return Stream.concat(COMMON.stream(), gpus.stream().map(gpu -> "nvidia" + gpu)).map(devices::resolve)
        .filter(Files::exists).toList();
  }
}
