package dev.atelier.s3;

import dev.atelier.kernel.Fault;
import dev.atelier.objects.DeleteMarker;
import dev.atelier.objects.Deletion;
import dev.atelier.objects.ObjectStore;
import dev.atelier.objects.StoredObject;
import dev.atelier.objects.Upload;
import dev.atelier.objects.UploadListing;
import dev.atelier.objects.VersionListing;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does what the buckets' lifecycle rules say, time and again in the background: a page of versions is read, then what is
 * due of it goes in one transaction. Nothing is remembered between passes, so a pass that broke off is done again.
 */
public final class LifecyclePass implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LifecyclePass.class);
  private static final int PAGE = 250;

  private final ObjectStore store;
  private final Clock clock;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().name("lifecycle").factory());

  LifecyclePass(ObjectStore store, Clock clock) {
    this.store = store;
    this.clock = clock;
  }

  /** Passes over all buckets now and so many seconds after each pass. */
  public void every(int seconds) {
    timer.scheduleWithFixedDelay(this::run, 0, seconds, TimeUnit.SECONDS);
  }

  /** One pass over all buckets that have rules. */
  void run() {
    for (String bucket : store.buckets().having(LifecycleRules.KIND)) {
      if (Thread.currentThread().isInterrupted()) {
        return;
      }
      try {
        LifecycleRules rules = LifecycleRules.read(store.buckets().document(bucket, LifecycleRules.KIND).orElseThrow());
        versions(bucket, rules);
        uploads(bucket, rules);
      } catch (RuntimeException e) {
        // a bucket may go while it is walked; the others still have their turn
        LOG.warn("the lifecycle of bucket {} cannot be applied now", bucket, e);
      }
    }
  }

  /** What is known of the key that the walk is at. */
  private static final class Walk {
    private Instant newerSince = Instant.MAX;
    private int newer;
    private Optional<DeleteMarker> lonely = Optional.empty();
  }

  private void versions(String bucket, LifecycleRules rules) {
    Walk walk = new Walk();
    Optional<VersionListing.Marker> next = Optional.of(VersionListing.Marker.BEGINNING);
    while (next.isPresent()) {
      VersionListing page = store.versions(bucket, "", "", next.get(), PAGE);
      List<Deletion> due = new ArrayList<>();
      for (VersionListing.Entry entry : page.entries()) {
        if (entry.latest()) {
          lonely(walk, rules).ifPresent(due::add);
          walk.newer = 0;
          walk.lonely = Optional.empty();
        }
        visit(entry, walk, rules).ifPresent(due::add);
        walk.newerSince = entry.version().lastModified();
      }
      next = page.next();
      if (next.isEmpty()) {
        lonely(walk, rules).ifPresent(due::add);
      }
      if (!due.isEmpty()) {
        store.delete(bucket, due);
        LOG.info("{} versions of bucket {} expired", due.size(), bucket);
      }
    }
  }

  private Optional<Deletion> visit(VersionListing.Entry entry, Walk walk, LifecycleRules rules) {
    Instant now = clock.instant();
    return switch (entry.version()) {
      case DeleteMarker marker when entry.latest() -> {
        walk.lonely = Optional.of(marker);
        yield Optional.empty();
      }
      // an older marker is an older version too, but none of those that are to be kept
      case DeleteMarker marker -> rules.markerOutlived(marker, walk.newerSince, walk.newer, now)
          ? Optional.of(new Deletion(marker.key(), Optional.of(marker.version()), Deletion.Expected.ANYTHING))
          : Optional.empty();
      case StoredObject object when entry.latest() -> {
        if (rules.expiry(object).filter(expiry -> !expiry.at().isAfter(now)).isPresent()) {
          yield Optional.of(new Deletion(object.key(), Optional.empty(), asSeen(object)));
        }
        rules.transition(object, now).ifPresent(to -> reclass(object, to));
        yield Optional.empty();
      }
      case StoredObject object -> {
        walk.lonely = Optional.empty();
        Instant since = walk.newerSince;
        int newer = walk.newer++;
        if (rules.expired(object, since, newer, now)) {
          yield Optional.of(new Deletion(object.key(), Optional.of(object.version()), asSeen(object)));
        }
        rules.transition(object, since, newer, now).ifPresent(to -> reclass(object, to));
        yield Optional.empty();
      }
    };
  }

  /** Only what was looked at goes, not what took its place meanwhile. */
  private static Deletion.Expected asSeen(StoredObject object) {
    return new Deletion.Expected(Optional.of(object.etag()),
        Optional.of(object.lastModified().truncatedTo(ChronoUnit.SECONDS)), Optional.of(object.size()));
  }

  private Optional<Deletion> lonely(Walk walk, LifecycleRules rules) {
    return walk.lonely.filter(marker -> rules.markerExpired(marker.key(), marker.lastModified(), clock.instant()))
        .map(marker -> new Deletion(marker.key(), Optional.of(marker.version()), Deletion.Expected.ANYTHING));
  }

  private void reclass(StoredObject object, String to) {
    store.updateIfPresent(object, attributes -> attributes.withStorageClass(to));
  }

  private void uploads(String bucket, LifecycleRules rules) {
    String key = "";
    String id = "";
    boolean more = true;
    while (more) {
      UploadListing page = store.uploads().list(bucket, "", "", key, id, PAGE);
      for (Upload upload : page.uploads()) {
        if (rules.abandoned(upload, clock.instant())) {
          abort(upload);
        }
      }
      more = page.truncated();
      key = page.nextKey();
      id = page.nextId();
    }
  }

  private void abort(Upload upload) {
    try {
      store.uploads().abort(upload.bucket(), upload.key(), upload.id());
    } catch (Fault gone) {
      LOG.debug("upload {} ended by itself", upload.id(), gone);
    }
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
