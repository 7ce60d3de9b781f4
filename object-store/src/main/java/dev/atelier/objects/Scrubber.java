package dev.atelier.objects;

import dev.atelier.metadata.MetadataStore;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jdbi.v3.core.Jdbi;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteConfig;

/**
 * Re-reads every content, pass after pass, and remembers those that are not what their row says: these are not
 * served any more. A pass goes on where the last run of the server left it.
 */
public final class Scrubber implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Scrubber.class);
  private static final int BATCH = 100;
  private static final Duration LOOK_EVERY = Duration.ofMinutes(1);

  private final MetadataStore database;
  private final ObjectFiles files;
  private final Clock clock;
  private final Set<String> damaged = ConcurrentHashMap.newKeySet();
  private final CountDownLatch closing = new CountDownLatch(1);

  Scrubber(MetadataStore database, ObjectFiles files, Clock clock) {
    this.database = database;
    this.files = files;
    this.clock = clock;
    damaged.addAll(database.read(ScrubIndex::damaged));
  }

  /**
   * What a pass, or what was left of one, found.
   *
   * @param compared contents that were read and compared
   * @param sizeOnly contents that only their customers' keys open, of which the size alone was compared
   * @param damaged contents that are not what their row says
   */
  public record Pass(long compared, long sizeOnly, long damaged) {
    private Pass plus(ContentCheck.Verdict verdict) {
      return switch (verdict) {
        case ContentCheck.Verdict.Sound() -> new Pass(compared + 1, sizeOnly, damaged);
        case ContentCheck.Verdict.SizeOnly() -> new Pass(compared, sizeOnly + 1, damaged);
        case ContentCheck.Verdict.Damaged(String reason) -> new Pass(compared + 1, sizeOnly, damaged + 1);
      };
    }
  }

  /**
   * Begins to scrub in the background.
   *
   * @param keys open what is encrypted, as far as the server can
   * @param every the time from the end of a pass to the beginning of the next
   * @param bytesPerSecond how much is read at most
   */
  public void start(ContentKeys keys, Duration every, long bytesPerSecond) {
    Thread thread = Thread.ofPlatform().name("scrubber").daemon(true).priority(Thread.MIN_PRIORITY).unstarted(() -> {
      try {
        do {
          if (isDue(every)) {
            pass(keys, bytesPerSecond);
          }
        } while (!closing.await(LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } catch (RuntimeException e) {
        if (closing.getCount() > 0) {
          LOG.error("content is not compared any more until the next start", e);
        }
      }
    });
    thread.start();
  }

  private boolean isDue(Duration every) {
    return database.read(handle -> !ScrubIndex.position(handle).isEmpty()
        || ScrubIndex.finished(handle).map(at -> !at.plus(every).isAfter(Instant.now(clock))).orElse(true));
  }

  /** Compares all content after the point where the last pass stopped, or all when it came to its end. */
  public Pass pass(ContentKeys keys, long bytesPerSecond) {
    ContentCheck check = new ContentCheck(database, files, keys, count -> pause(count, bytesPerSecond));
    Pass pass = new Pass(0, 0, 0);
    String position = database.read(ScrubIndex::position);
    List<ScrubIndex.Row> rows = rows(position);
    while (!rows.isEmpty() && closing.getCount() > 0) {
      for (ScrubIndex.Row row : rows) {
        if (closing.getCount() == 0) {
          return pass;
        }
        pass = pass.plus(compare(check, row));
      }
      String last = rows.getLast().object().file();
      database.write(handle -> {
        ScrubIndex.moveTo(handle, last);
        return last;
      });
      rows = rows(last);
    }
    if (closing.getCount() > 0) {
      finish();
      LOG.info("compared {} contents, of {} more the size alone; {} are damaged", pass.compared, pass.sizeOnly,
          pass.damaged);
    }
    return pass;
  }

  private void finish() {
    damaged.retainAll(database.write(handle -> {
      ScrubIndex.finish(handle, Instant.now(clock));
      return Set.copyOf(ScrubIndex.damaged(handle));
    }));
  }

  private ContentCheck.Verdict compare(ContentCheck check, ScrubIndex.Row row) {
    StoredObject object = row.object();
    Optional<Bucket> bucket = database.read(handle -> handle.createQuery("SELECT 1 FROM bucket WHERE name = :name")
        .bind("name", object.bucket()).mapTo(Integer.class).findOne().map(one -> Buckets.requireIn(handle,
            object.bucket())));
    ContentCheck.Verdict verdict = bucket.map(of -> check.check(of, row)).orElse(new ContentCheck.Verdict.SizeOnly());
    if (verdict instanceof ContentCheck.Verdict.Damaged(String reason)) {
      // what is replaced or deleted meanwhile is no damage
      if (!database.read(handle -> ObjectIndex.knows(handle, object.file()))) {
        return new ContentCheck.Verdict.Sound();
      }
      database.write(handle -> {
        ScrubIndex.damaged(handle, object.file(), reason, Instant.now(clock));
        return object;
      });
      damaged.add(object.file());
      LOG.error("damaged content: {} {} of {}/{}, version {}: its content {} {}", row.part() ? "a part" : "object",
          row.part() ? object.parts().getFirst().number() : "", object.bucket(), object.key(), object.version(),
          object.file(), reason);
    } else if (verdict instanceof ContentCheck.Verdict.Sound && damaged.contains(object.file())) {
      // put back from a backup
      database.write(handle -> {
        ScrubIndex.sound(handle, object.file());
        return object;
      });
      damaged.remove(object.file());
    }
    return verdict;
  }

  /** How many contents are known to be damaged. */
  public int damaged() {
    return database.read(ScrubIndex::damaged).size();
  }

  /** How many contents of the store in a folder are known to be damaged; beside the server that has it open. */
  public static int damagedIn(Path root) {
    SQLiteConfig reading = new SQLiteConfig();
    reading.setReadOnly(true);
    return Jdbi.create("jdbc:sqlite:" + root.resolve("objects.db").toAbsolutePath(), reading.toProperties())
        .withHandle(handle -> ScrubIndex.damaged(handle).size());
  }

  /** @throws dev.atelier.kernel.Fault InternalError: the content is known to be damaged */
  void requireSound(StoredObject object) {
    if (damaged.contains(object.file())) {
      throw S3Fault.of("InternalError", 500, "The content of this object is damaged on the server's disk. Store the object "
          + "again, or restore the server's data from a backup.");
    }
  }

  private List<ScrubIndex.Row> rows(String after) {
    return database.read(handle -> ScrubIndex.after(handle, after, BATCH));
  }

  private void pause(long count, long bytesPerSecond) {
    try {
      closing.await(count * 1_000_000 / bytesPerSecond, TimeUnit.MICROSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    closing.countDown();
  }
}
