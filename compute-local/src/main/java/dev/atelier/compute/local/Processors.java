package dev.atelier.compute.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Which of this machine's processors hosts run on: as many as their limit has, rounded up, so that programs count as many;
 * those that the fewest others have. Hosts of one machine have the same. How much of them is used at most is the control
 * groups' to say.
 */
final class Processors {
  private final List<Integer> all;
  private final boolean settable;
  private final Map<String, Place> places = new HashMap<>();

  /** What a machine, or a host that has none, runs on. @param groups its hosts */
  private record Place(List<Integer> processors, Set<String> groups) {}

  /** @param settable whether the tool is there that says to the kernel where a process runs */
  Processors(List<Integer> all, boolean settable) {
    this.all = List.copyOf(all);
    this.settable = settable;
  }

  /** Those that this server may use. */
  static Processors open() throws IOException {
    return new Processors(allowed("self").orElse(List.of()), Opening.Tool.run(List.of("taskset", "--version")).code() == 0);
  }

  /** Those that a process may use; empty when there is no such process. */
  private static Optional<List<Integer>> allowed(String pid) {
    try {
      return Files.readAllLines(Path.of("/proc", pid, "status")).stream()
          .filter(line -> line.startsWith("Cpus_allowed_list:")).findFirst()
          .map(line -> parse(line.substring(line.indexOf(':') + 1).strip()));
    } catch (IOException gone) {
      return Optional.empty();
    }
  }

  /** Reads what the kernel writes, such as {@code 0-2,5}. */
  static List<Integer> parse(String list) {
    return List.of(list.split(",")).stream().filter(range -> !range.isEmpty()).flatMap(range -> {
      String[] ends = range.split("-");
      return IntStream.rangeClosed(Integer.parseInt(ends[0]), Integer.parseInt(ends[ends.length - 1])).boxed();
    }).toList();
  }

  /**
   * Gives a host its processors.
   *
   * @param group the host's control group, {@code machine/host} where hosts share a machine
   * @param cpus its limit, which is that of the machine
   * @return a line of a script that puts itself there; empty where all are the host's
   */
  synchronized String take(String group, double cpus) {
    int count = (int) Math.max(1, Math.ceil(cpus));
    if (!settable || count >= all.size()) {
      return "";
    }
    Place place = places.computeIfAbsent(name(group), name -> new Place(leastUsed(count), new HashSet<>()));
    place.groups().add(group);
    return "taskset -pc " + place.processors().stream().map(String::valueOf).collect(Collectors.joining(",")) + " $$ > /dev/null\n";
  }

  private List<Integer> leastUsed(int count) {
    Map<Integer, Long> uses = places.values().stream().flatMap(place -> place.processors().stream())
        .collect(Collectors.groupingBy(each -> each, Collectors.counting()));
    List<Integer> ordered = new ArrayList<>(all);
    ordered.sort(Comparator.comparing(each -> uses.getOrDefault(each, 0L)));
    return ordered.subList(0, count).stream().sorted().toList();
  }

  /** Takes over a host that an earlier server started, as its process tells. */
  synchronized void claim(String group, Identity identity) {
    allowed(Long.toString(identity.pid())).filter(found -> found.size() < all.size()).ifPresent(found ->
        places.computeIfAbsent(name(group), name -> new Place(found, new HashSet<>())).groups().add(group));
  }

  /** A host is over. */
  synchronized void leave(String group) {
    places.computeIfPresent(name(group), (name, place) -> {
      place.groups().remove(group);
      return place.groups().isEmpty() ? null : place;
    });
  }

  /** What hosts share: their machine, or nothing. */
  static String name(String group) {
    int slash = group.indexOf('/');
    return slash < 0 ? group : group.substring(0, slash + 1);
  }

  /** What this machine cannot do. */
  List<String> notLimited() {
    return settable ? List.of() : List.of("there is no taskset: programs count all processors, whatever their limit");
  }
}
