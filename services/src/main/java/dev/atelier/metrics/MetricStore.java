package dev.atelier.metrics;

import dev.atelier.metadata.MetadataStore;
import dev.atelier.segments.SegmentFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The points of all metrics. What is told goes to a journal, whose flush to disk is shared by those who wait for it, and
 * is kept in memory; every hour, or when the journal has grown, each metric's points go to a file of its own with the
 * journal's number as mark, and the journal is deleted. A crash in between leaves journals whose numbers tell which
 * files have their points already.
 */
final class MetricStore implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(MetricStore.class);
  private static final Pattern JOURNAL = Pattern.compile("journal-(\\d{1,18})");
  private static final long JOURNAL_BYTES = 8L << 20;
  private static final long WRITE_SECONDS = 3600;
  private static final long DAY = 86_400;

  private final Path folder;
  private final Clock clock;
  private final SeriesCatalogue catalogue;
  private final ReadWriteLock change = new ReentrantReadWriteLock();
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().name("metric-files").factory());
  private volatile SegmentFile journal;
  private long number;

  MetricStore(Path folder, MetadataStore metadata, Clock clock) {
    this.folder = folder;
    this.clock = clock;
    this.catalogue = new SeriesCatalogue(metadata);
    try {
      recover();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot open the metrics", e);
    }
    timer.scheduleWithFixedDelay(() -> guarded(this::write), WRITE_SECONDS, WRITE_SECONDS, TimeUnit.SECONDS);
    timer.scheduleWithFixedDelay(() -> guarded(this::thin), 60, DAY, TimeUnit.SECONDS);
  }

  private void recover() throws IOException {
    TreeMap<Long, Path> journals = new TreeMap<>();
    try (var files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Matcher matcher = JOURNAL.matcher(file.getFileName().toString());
        if (matcher.matches()) {
          journals.put(Long.valueOf(matcher.group(1)), file);
        }
      }
    }
    number = journals.isEmpty() ? 1 : journals.lastKey();
    for (Map.Entry<Long, Path> old : journals.headMap(number).entrySet()) {
      Map<Long, List<Point>> bySeries = new LinkedHashMap<>();
      try (SegmentFile file = new SegmentFile(old.getValue())) {
        PointFrames.entries(file).forEach(entry ->
            bySeries.computeIfAbsent(entry.series(), id -> new ArrayList<>()).add(entry.point()));
      }
      bySeries.forEach((id, points) -> catalogue.find(id).ifPresent(series -> append(series, old.getKey(), points)));
      Files.delete(old.getValue());
    }
    journal = new SegmentFile(journalFile(number));
    PointFrames.entries(journal).forEach(entry ->
        catalogue.find(entry.series()).ifPresent(series -> series.add(entry.point())));
    forceFolder();
  }

  private Path journalFile(long which) {
    return folder.resolve("journal-" + which);
  }

  private Path file(Series series) {
    return folder.resolve(series.id() + ".segment");
  }

  SeriesCatalogue catalogue() {
    return catalogue;
  }

  /** Adds samples; durable when it returns. */
  void put(List<Sample> samples) {
    if (samples.isEmpty()) {
      return;
    }
    catalogue.require(samples.stream().map(Sample::key).toList());
    boolean full;
    change.readLock().lock();
    try {
      List<PointFrames.Entry> entries = samples.stream().map(sample -> new PointFrames.Entry(
          catalogue.find(sample.key()).orElseThrow().id(),
          new Point(sample.second(), sample.unit(), sample.values()))).toList();
      SegmentFile open = usable();
      open.forceTo(PointFrames.journal(open, entries));
      entries.forEach(entry -> catalogue.find(entry.series()).orElseThrow().add(entry.point()));
      full = open.size() > JOURNAL_BYTES;
    } finally {
      change.readLock().unlock();
    }
    if (full) {
      timer.execute(() -> guarded(this::writeIfFull));
    }
  }

  /** An interrupted thread closes the file it writes: whoever comes next opens it again. */
  private SegmentFile usable() {
    synchronized (change) {
      try {
        journal.frames();
      } catch (SegmentFile.Closed e) {
        try {
          journal = new SegmentFile(journalFile(number));
        } catch (IOException broken) {
          throw new UncheckedIOException(broken);
        }
      }
      return journal;
    }
  }

  /** The points of a metric from {@code from} up to before {@code to}, in seconds. */
  List<Point> read(Series series, long from, long to) {
    List<Point> found = new ArrayList<>();
    synchronized (series) {
      Path file = file(series);
      if (Files.exists(file)) {
        try (SegmentFile segment = new SegmentFile(file)) {
          segment.frames().stream().filter(frame -> frame.to() >= from && frame.from() < to)
              .flatMap(frame -> PointFrames.points(segment, frame).stream())
              .filter(point -> point.second() >= from && point.second() < to).forEach(found::add);
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
      found.addAll(series.unwritten(from, to));
    }
    return found;
  }

  private void writeIfFull() {
    if (usable().size() > JOURNAL_BYTES) {
      write();
    }
  }

  /** Moves the journal's points to the metrics' own files. */
  synchronized void write() {
    SegmentFile old;
    List<Series> leaving;
    change.writeLock().lock();
    try {
      old = usable();
      if (old.count() == 0) {
        return;
      }
      journal = new SegmentFile(journalFile(number + 1));
      forceFolder();
      number++;
      leaving = catalogue.all().stream().filter(Series::leave).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      change.writeLock().unlock();
    }
    for (Series series : leaving) {
      synchronized (series) {
        append(series, number - 1, series.leaving());
        series.left();
      }
    }
    catalogue.store(leaving);
    try {
      forceFolder();
      old.close();
      Files.delete(journalFile(number - 1));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void append(Series series, long mark, List<Point> points) {
    try (SegmentFile segment = new SegmentFile(file(series))) {
      if (segment.mark() < mark) {
        PointFrames.append(segment, mark, points);
        segment.force();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Thins old points out, and forgets metrics that have none left. */
  synchronized void thin() {
    long now = clock.instant().getEpochSecond();
    for (Series series : List.copyOf(catalogue.all())) {
      synchronized (series) {
        if (Files.exists(file(series)) && thinned(series, now) && series.lastSecond() < now - 455 * DAY) {
          catalogue.forget(series);
        }
      }
    }
  }

  /** Whether nothing is left of the metric's file. */
  private boolean thinned(Series series, long now) {
    Path file = file(series);
    Path fresh = folder.resolve(series.id() + ".thinned");
    try (SegmentFile segment = new SegmentFile(file)) {
      List<Point> points = segment.frames().stream()
          .flatMap(frame -> PointFrames.points(segment, frame).stream()).toList();
      List<Point> kept = Series.thinned(points, now);
      if (kept.size() == points.size()) {
        return false;
      }
      Files.deleteIfExists(fresh);
      if (kept.isEmpty()) {
        Files.delete(file);
        return true;
      }
      try (SegmentFile written = new SegmentFile(fresh)) {
        PointFrames.append(written, segment.mark(), kept);
        written.force();
      }
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
      forceFolder();
      return false;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void forceFolder() throws IOException {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  private static void guarded(Runnable work) {
    try {
      work.run();
    } catch (RuntimeException e) {
      LOG.warn("metrics cannot be put away now", e);
    }
  }

  @Override
  public void close() {
    timer.shutdown();
    try {
      timer.awaitTermination(10, TimeUnit.SECONDS);
      change.writeLock().lock();
      try {
        journal.close();
      } finally {
        change.writeLock().unlock();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
