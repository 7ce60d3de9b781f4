package dev.atelier.objects;

import dev.atelier.kernel.AccountId;
import dev.atelier.kernel.Fault;
import dev.atelier.kernel.Region;
import dev.atelier.objects.CrashSteps.Step;
import dev.atelier.objects.FaultyDisk.Event;
import dev.atelier.objects.FaultyDisk.Point;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jdbi.v3.core.Jdbi;

/**
 * A store over a faulty disk beside its model. An iteration makes random changes until the disk fails or all stops; then
 * the store must hold what was acknowledged, and of the change that was under way all or nothing.
 *
 * <p>To stop is to copy the files as they are at that instant and to open the copy: what the first store does while it
 * is thrown away changes nothing.
 */
final class CrashRun implements AutoCloseable {
  private static final int MOST_STEPS = 10;
  private static final Point[] POINTS = Point.values();

  private final Path folder;
  private final Random random;
  private final FaultyDisk.Lie lie;
  private final CrashSteps steps;
  final Map<String, Integer> counts = new TreeMap<>(Map.of("lost", 0, "phantom", 0, "torn", 0, "wrong", 0));
  final Map<String, Integer> reached = new TreeMap<>();
  private int generation;
  private Path root;
  private FaultyDisk disk;
  private ObjectStore store;
  private S3Model model = new S3Model();
  private long logBefore;
  private FileTime drained;
  private boolean powerCut;
  int crashes;
  int faults;

  CrashRun(Path folder, long seed, FaultyDisk.Lie lie) throws IOException {
    this.folder = folder;
    this.random = new Random(seed);
    this.lie = lie;
    this.steps = new CrashSteps(random);
    root = Files.createDirectory(folder.resolve("0"));
    disk = new FaultyDisk(root, folder.resolve("graves"), lie);
    open();
    for (String bucket : CrashSteps.BUCKETS) {
      store.buckets().create(bucket, new AccountId("123456789012"), new Region("us-east-1"));
      model.versioning().put(bucket, Versioning.UNSET);
    }
    store.buckets().setVersioning("kept", Versioning.ENABLED);
    model.versioning().put("kept", Versioning.ENABLED);
  }

  private void open() {
    store = ObjectStore.open(root, Clock.systemUTC(), disk).with(CrashSteps::open);
    store.recovery().join();
  }

  /** One crash or fault; whether the store is still as it should be. */
  boolean iteration() throws IOException {
    if (random.nextInt(10) < 7) {
      crash();
    } else {
      fault();
    }
    steps.forget(model);
    return told.isEmpty();
  }

  /** Stops at a point of a change, after one whose answer was lost, or between two. */
  private void crash() throws IOException {
    crashes++;
    powerCut = random.nextBoolean();
    int kind = random.nextInt(10);
    if (kind > 1) {
      disk.arm(POINTS[random.nextInt(POINTS.length)], 1 + random.nextInt(3), Event.STOP, () -> copyFiles(true));
    }
    S3Model after = model;
    int last = 1 + random.nextInt(MOST_STEPS);
    for (int turn = 1; turn <= last && !disk.stopped(); turn++) {
      Step step = next();
      after = step.after();
      if (kind == 0 && turn == last) {
        disk.arm(POINTS[0], Integer.MAX_VALUE, Event.STOP, () -> { });
        run(step);
        reached.merge("STOP UNANSWERED", 1, Integer::sum);
        copyFiles(true);
        break;
      }
      S3Model done = run(step);
      if (!disk.stopped()) {
        model = done;
        after = model;
      }
    }
    boolean between = !disk.stopped() && kind != 0;
    if (between) {
      reached.merge("STOP BETWEEN", 1, Integer::sum);
      disk.disarm();
      copyFiles(false);
    }
    reopen();
    check(model, between ? model : after);
    checkNothingLeft();
  }

  /** Something fails within a change: it is told, or the change is done; nothing is half done. */
  private void fault() throws IOException {
    faults++;
    List<Point> failing = Stream.of(POINTS).filter(Point::fails).toList();
    Point point = failing.get(random.nextInt(failing.size()));
    Event event = point == Point.BEFORE_WRITE && random.nextBoolean() ? Event.TORN
        : random.nextBoolean() ? Event.BROKEN : Event.FULL;
    disk.arm(point, 1 + random.nextInt(2), event, () -> { });
    boolean happened = false;
    for (int turn = 0; turn < MOST_STEPS && !happened; turn++) {
      Step step = next();
      try {
        model = step.after().named(step.call().get(), CrashSteps.UPLOAD);
        happened = disk.disarmIfHappened();
      } catch (RuntimeException e) {
        happened = disk.disarmIfHappened();
        boolean full = e instanceof Fault fault && fault.status() == 507;
        if (!happened || full != (event == Event.FULL)) {
          blame("wrong: " + step.name() + " at " + event + " " + point + " failed with " + e);
        }
      }
    }
    disk.disarm();
    check(model, model);
  }

  private Step next() {
    Step step = steps.next(store, model);
    logBefore = logSize();
    drained = lastDrain();
    return step;
  }

  /** The database itself changes when its log is drained, and what was drained cannot have been cut. */
  private FileTime lastDrain() {
    try {
      return Files.getLastModifiedTime(root.resolve("objects.db"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What the model is after a change; as before when the disk stopped within it. */
  private S3Model run(Step step) {
    try {
      return step.after().named(step.call().get(), CrashSteps.UPLOAD);
    } catch (RuntimeException e) {
      if (!disk.stopped()) {
        blame("wrong: " + step.name() + " failed with " + e);
      }
      return model;
    }
  }

  private Path log(Path of) {
    return of.resolve("objects.db-wal");
  }

  private long logSize() {
    try {
      return Files.exists(log(root)) ? Files.size(log(root)) : 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** @param within whether a change is under way, whose commit may be cut short */
  private void copyFiles(boolean within) {
    Path copy = folder.resolve(Integer.toString(++generation));
    try {
      Files.createDirectory(copy);
      disk.copyTo(copy, powerCut, random);
      // the database first: the log beside it then has all that a drain moves meanwhile
      Files.copy(root.resolve("objects.db"), copy.resolve("objects.db"));
      if (Files.exists(log(root))) {
        Files.copy(log(root), log(copy));
        long size = Files.size(log(copy));
        boolean cuttable = within && !disk.deletedSince() && size > logBefore && drained.equals(lastDrain());
        if (cuttable && random.nextBoolean()) {
          reached.merge("STOP IN COMMIT", 1, Integer::sum);
          try (FileChannel channel = FileChannel.open(log(copy), StandardOpenOption.WRITE)) {
            channel.truncate(logBefore + random.nextLong(size - logBefore));
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void reopen() throws IOException {
    store.close();
    disk.reached.forEach((name, count) -> reached.merge(name, count, Integer::sum));
    Path old = root;
    root = folder.resolve(Integer.toString(generation));
    disk = powerCut ? new FaultyDisk(root, folder.resolve("graves"), lie) : disk.takenOver(root);
    FaultyDisk.deleteTree(old);
    if (powerCut) {
      FaultyDisk.deleteTree(folder.resolve("graves"));
      Files.createDirectory(folder.resolve("graves"));
    }
    open();
  }

  private void check(S3Model before, S3Model after) throws IOException {
    S3Model seen = CrashSteps.look(store, root.resolve("objects"));
    S3Model.blame(before, after, seen).forEach(this::blame);
    model = seen;
  }

  private void checkNothingLeft() throws IOException {
    long wanted = model.entries().values().stream().flatMap(List::stream)
        .filter(entry -> entry.digest().filter(digest -> !digest.equals(S3Model.MISSING)).isPresent()).count()
        + model.uploads().values().stream().mapToLong(open -> open.parts().values().stream()
            .filter(part -> !part.digest().equals(S3Model.MISSING)).count()).sum();
    int rows = Jdbi.create("jdbc:sqlite:" + root.resolve("objects.db")).withHandle(handle ->
        handle.createQuery("SELECT count(*) FROM small_content").mapTo(Integer.class).one());
    reached.merge("CONTENTS IN ROWS", rows, Integer::sum);
    try (Stream<Path> files = Files.walk(root.resolve("objects"))) {
      List<Path> found = files.filter(Files::isRegularFile).toList();
      if (found.size() + rows != wanted) {
        blame("wrong: " + found.size() + " files and " + rows + " rows after the sweep, for " + wanted + " contents");
      }
    }
  }

  /** Puts what the model knows nothing of. */
  void plantPhantom() {
    store.put("plain", "phantom", new ByteArrayInputStream(new byte[9]), ObjectAttributes.NONE, BodyChecks.NONE,
        Conditions.NONE);
  }

  private final List<String> told = new ArrayList<>();

  private void blame(String text) {
    counts.merge(text.substring(0, text.indexOf(':')), 1, Integer::sum);
    told.add(text);
    if (told.size() <= 20) {
      System.out.println(text);
    }
  }

  @Override
  public void close() {
    store.close();
  }
}
