package dev.atelier.metrics;

import dev.atelier.segments.SegmentFile;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** How points lie in segments: alone in their metric's file, with their metric's id in the journal. */
final class PointFrames {
  private PointFrames() {}

  /** A point of the journal. */
  record Entry(long series, Point point) {}

  static long append(SegmentFile file, long mark, List<Point> points) {
    return file.append(mark, points.size(), from(points), to(points), out -> {
      for (Point point : points) {
        write(point, out);
      }
    });
  }

  static List<Point> points(SegmentFile file, SegmentFile.Frame frame) {
    return file.read(frame, in -> {
      List<Point> points = new ArrayList<>(frame.count());
      for (int i = 0; i < frame.count(); i++) {
        points.add(point(in));
      }
      return points;
    });
  }

  static long journal(SegmentFile file, List<Entry> entries) {
    List<Point> points = entries.stream().map(Entry::point).toList();
    return file.append(0, entries.size(), from(points), to(points), out -> {
      for (Entry entry : entries) {
        out.writeLong(entry.series());
        write(entry.point(), out);
      }
    });
  }

  static List<Entry> entries(SegmentFile file) {
    List<Entry> entries = new ArrayList<>();
    for (SegmentFile.Frame frame : file.frames()) {
      entries.addAll(file.read(frame, in -> {
        List<Entry> read = new ArrayList<>(frame.count());
        for (int i = 0; i < frame.count(); i++) {
          read.add(new Entry(in.readLong(), point(in)));
        }
        return read;
      }));
    }
    return entries;
  }

  private static void write(Point point, DataOutput out) throws IOException {
    out.writeLong(point.second());
    out.writeUTF(point.unit());
    point.values().write(out);
  }

  private static Point point(DataInput in) throws IOException {
    return new Point(in.readLong(), in.readUTF(), Distribution.read(in));
  }

  private static long from(List<Point> points) {
    return points.stream().mapToLong(Point::second).min().orElse(0);
  }

  private static long to(List<Point> points) {
    return points.stream().mapToLong(Point::second).max().orElse(0);
  }
}
