package dev.atelier.jobs;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The machine's cores, memory and GPUs as they are given out, and when more will be free. Pure: what is held is told with
 * every question.
 *
 * @param cpus to give out in all
 * @param memoryBytes to give out in all
 * @param gpus to give out in all
 */
record Room(double cpus, long memoryBytes, int gpus) {
  private static final int MOST_FORESEEN = 50;

  /** A claim that was granted. */
  record Held(Claim claim, Instant since) {}

  boolean fits(Collection<Claim> held, Claim wanted) {
    if (wanted.gpus() > 0 && usedGpus(held) + wanted.gpus() > gpus) {
      return false;
    }
    // a job that takes all there is never finds people gone who stay for days
    if (held.stream().allMatch(Claim::ofPeople)) {
      return true;
    }
    return usedCpus(held) + wanted.cpus() <= cpus && usedMemory(held) + wanted.memoryBytes() <= memoryBytes;
  }

  static double usedCpus(Collection<Claim> held) {
    return held.stream().mapToDouble(Claim::cpus).sum();
  }

  static long usedMemory(Collection<Claim> held) {
    return held.stream().mapToLong(Claim::memoryBytes).sum();
  }

  static int usedGpus(Collection<Claim> held) {
    return held.stream().mapToInt(Claim::gpus).sum();
  }

  /**
   * A user's share of the machine: the largest of the parts of cores, memory and GPUs held, as in dominant resource fairness
   * (Ghodsi et al., NSDI 2011).
   */
  double dominantShare(Collection<Claim> held, String user) {
    List<Claim> own = held.stream().filter(claim -> claim.user().equals(user)).toList();
    double gpuShare = gpus == 0 ? 0 : (double) usedGpus(own) / gpus;
    return Math.max(gpuShare, Math.max(usedCpus(own) / cpus, (double) usedMemory(own) / memoryBytes));
  }

  /**
   * How long each of a line waits when jobs take as long as they use to.
   *
   * @param line who waits, first come first
   * @param usual how long a job holds its share
   * @return for the first of the line; empty for those that no end of a job makes room for
   */
  List<Optional<Duration>> waits(Collection<Held> held, List<Claim> line, Duration usual, Instant now) {
    List<Held> running = new ArrayList<>(held);
    Instant at = now;
    List<Optional<Duration>> waits = new ArrayList<>();
    for (Claim next : line.subList(0, Math.min(line.size(), MOST_FORESEEN))) {
      while (!fits(running.stream().map(Held::claim).toList(), next)) {
        Optional<Held> first = running.stream().filter(each -> each.claim().ends())
            .min(Comparator.comparing(Held::since));
        if (first.isEmpty()) {
          break;
        }
        running.remove(first.get());
        Instant end = first.get().since().plus(usual);
        at = end.isAfter(at) ? end : at;
      }
      if (fits(running.stream().map(Held::claim).toList(), next)) {
        waits.add(Optional.of(Duration.between(now, at)));
        running.add(new Held(next, at));
      } else {
        waits.add(Optional.empty());
      }
    }
    return waits;
  }
}
