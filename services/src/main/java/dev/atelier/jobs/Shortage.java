package dev.atelier.jobs;

import dev.atelier.kernel.Arn;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** What a claim waits for, where it stands in the line and how long it may take, in words. */
final class Shortage {
  private static final long GIB = 1L << 30;
  private static final int MOST_SHOWN = 3;

  private final Room room;
  private final List<Claim> held;
  private final List<Claim> line;
  private final List<Optional<Duration>> waits;
  private final Map<String, Integer> places = new HashMap<>();
  private final String holders;

  /** @param usual how long jobs hold their share; empty when nobody knows */
  Shortage(Room room, Collection<Room.Held> held, List<Claim> line, Optional<Duration> usual, Instant now) {
    this.room = room;
    this.held = held.stream().map(Room.Held::claim).toList();
    this.line = line;
    for (int i = 0; i < line.size(); i++) {
      places.put(line.get(i).owner(), i);
    }
    this.holders = this.held.stream().map(claim -> shown(claim.owner())).sorted().distinct().limit(MOST_SHOWN)
        .collect(Collectors.joining(", "));
    this.waits = usual.map(each -> room.waits(held, line, each, now)).orElse(List.of());
  }

  /** The sentence for the owner of a claim in the line. */
  String of(String owner) {
    int place = places.get(owner);
    Claim wanted = line.get(place);
    boolean gpus = wanted.gpus() > 0;
    return String.format(Locale.ROOT, "Waiting for capacity, %d of %d in line%s: %s are asked for; of %s to give out, %s"
            + " are held by %s%s", place + 1, line.size(), prospect(place),
        words(wanted.memoryBytes(), wanted.cpus(), wanted.gpus(), " of memory", gpus),
        words(room.memoryBytes(), room.cpus(), room.gpus(), "", gpus),
        words(Room.usedMemory(held), Room.usedCpus(held), Room.usedGpus(held), "", gpus), holders,
        held.size() > MOST_SHOWN ? " and others" : "");
  }

  private static String words(long memoryBytes, double cpus, int gpus, String ofMemory, boolean withGpus) {
    String gib = String.format(Locale.ROOT, "%.1f GiB", gib(memoryBytes)) + ofMemory;
    String cores = String.format(Locale.ROOT, "%.1f CPUs", cpus);
    return withGpus ? gib + ", " + cores + " and " + gpus + " GPUs" : gib + " and " + cores;
  }

  private String prospect(int place) {
    if (place >= waits.size()) {
      return "";
    }
    return waits.get(place).map(wait -> ", about " + words(wait)).orElse("");
  }

  /** A duration, rounded so that it changes seldom. */
  static String words(Duration wait) {
    long seconds = wait.toSeconds();
    if (seconds < 60) {
      return Math.max(5, (seconds + 4) / 5 * 5) + " seconds";
    }
    long minutes = (seconds + 59) / 60;
    return minutes < 60 ? minutes + (minutes == 1 ? " minute" : " minutes")
        : String.format(Locale.ROOT, "%.1f hours", minutes / 60.0);
  }

  private static double gib(long bytes) {
    return (double) bytes / GIB;
  }

  /** The resource part of the owner's ARN. */
  private static String shown(String owner) {
    return Arn.parse(owner.split(" ", 2)[0]).map(Arn::resource).orElse(owner);
  }
}
