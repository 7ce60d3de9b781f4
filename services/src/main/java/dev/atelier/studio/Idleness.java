package dev.atelier.studio;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Whether somebody uses an app, as of a time.
 *
 * @param since when it was used last
 * @param busy what it does now, in sentences; while there is any it is not idle
 * @param uses what was used last and when, in sentences
 */
record Idleness(Instant since, List<String> busy, List<String> uses) {

  /** A kernel or terminal. @param name what people call it @param busy whether it computes */
  record Used(String name, boolean busy, Instant at) {}

  /**
   * Takes together what is known.
   *
   * @param started when the app was started
   * @param used its kernels and terminals; empty when they could not be asked
   * @param noted when somebody was last seen to use it, in whatever way
   */
  static Idleness of(Instant now, Instant started, Optional<List<Used>> used, Optional<Instant> noted) {
    Instant since = noted.filter(at -> at.isAfter(started)).orElse(started);
    if (used.isEmpty()) {
      return new Idleness(since, List.of("JupyterLab does not tell what it runs."), List.of());
    }
    List<String> busy = new ArrayList<>();
    List<String> uses = new ArrayList<>();
    noted.ifPresent(at -> uses.add("It was used " + ago(at, now) + "."));
    for (Used each : used.get()) {
      if (each.busy()) {
        busy.add(each.name() + " is busy.");
      } else {
        uses.add(each.name() + " was used " + ago(each.at(), now) + ".");
      }
      since = each.at().isAfter(since) ? each.at() : since;
    }
    return new Idleness(since, List.copyOf(busy), List.copyOf(uses));
  }

  private static String ago(Instant at, Instant now) {
    long minutes = Math.max(0, Duration.between(at, now).toMinutes());
    return minutes == 0 ? "less than a minute ago" : minutes == 1 ? "a minute ago" : minutes + " minutes ago";
  }
}
