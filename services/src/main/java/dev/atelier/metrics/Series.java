package dev.atelier.metrics;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;

/** One metric with its points that lie in no file of its own yet. Guarded by itself. */
final class Series {
  private final long id;
  private final SeriesKey key;
  private final AtomicLong last;
  private TreeMap<Slot, Distribution> recent = new TreeMap<>();
  private TreeMap<Slot, Distribution> leaving = new TreeMap<>();

  private record Slot(long second, String unit) implements Comparable<Slot> {
    private static final Comparator<Slot> ORDER = Comparator.comparingLong(Slot::second).thenComparing(Slot::unit);

    @Override
    public int compareTo(Slot other) {
      return ORDER.compare(this, other);
    }
  }

  Series(long id, SeriesKey key, long lastSecond) {
    this.id = id;
    this.key = key;
    this.last = new AtomicLong(lastSecond);
  }

  long id() {
    return id;
  }

  SeriesKey key() {
    return key;
  }

  /** The time of the latest point; 0 when there is none. */
  long lastSecond() {
    return last.get();
  }

  synchronized void add(Point point) {
    last.accumulateAndGet(point.second(), Math::max);
    recent.computeIfAbsent(new Slot(point.second(), point.unit()), slot -> Distribution.empty()).add(point.values());
  }

  /** Sets the points apart that are to be written; false when there are none. */
  synchronized boolean leave() {
    leaving = recent;
    recent = new TreeMap<>();
    return !leaving.isEmpty();
  }

  synchronized List<Point> leaving() {
    return points(leaving);
  }

  synchronized void left() {
    leaving = new TreeMap<>();
  }

  /** The points from {@code from} up to before {@code to} that are in no file yet. */
  synchronized List<Point> unwritten(long from, long to) {
    List<Point> found = new ArrayList<>(points(leaving.subMap(new Slot(from, ""), new Slot(to, ""))));
    found.addAll(points(recent.subMap(new Slot(from, ""), new Slot(to, ""))));
    return found;
  }

  private static List<Point> points(java.util.Map<Slot, Distribution> slots) {
    List<Point> points = new ArrayList<>();
    // a copy, since others go on adding to the one that is kept
    slots.forEach((slot, values) ->
        points.add(new Point(slot.second(), slot.unit(), Distribution.empty().add(values))));
    return points;
  }

  /** How a collection of points is thinned with age: AWS keeps 1 s 3 hours, 60 s 15 days, 300 s 63, 3,600 s 455. */
  static List<Point> thinned(Collection<Point> points, long now) {
    TreeMap<Slot, Distribution> kept = new TreeMap<>();
    for (Point point : points) {
      long age = now - point.second();
      long grain = age < 3 * 3600 ? 1 : age < 15 * 86_400 ? 60 : age < 63 * 86_400 ? 300 : 3600;
      if (age < 455 * 86_400L) {
        kept.computeIfAbsent(new Slot(Math.floorDiv(point.second(), grain) * grain, point.unit()),
            slot -> Distribution.empty()).add(point.values());
      }
    }
    return points(kept);
  }
}
