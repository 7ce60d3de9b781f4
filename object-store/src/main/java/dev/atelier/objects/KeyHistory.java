package dev.atelier.objects;

import dev.atelier.kernel.Fault;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jdbi.v3.core.Handle;

/**
 * The versions of one key inside a transaction, and S3's rules of what a write makes of them. At any time the newest
 * version has the row in {@code object}, unless it is a delete marker: then there is none.
 */
final class KeyHistory {
  private final Handle handle;
  private final Bucket bucket;
  private final byte[] key;
  private final List<String> useless = new ArrayList<>();

  KeyHistory(Handle handle, Bucket bucket, byte[] key) {
    this.handle = handle;
    this.bucket = bucket;
    this.key = key;
  }

  /** Contents that no row has any more once the transaction is committed. */
  List<String> useless() {
    return List.copyOf(useless);
  }

  /** What the key gives when no version is named. */
  Optional<StoredObject> current() {
    return ObjectIndex.find(handle, bucket.name(), key);
  }

  /** Stores an object as the newest version, by the bucket's versioning. */
  private StoredObject add(StoredObject object) {
    if (bucket.versioning() == Versioning.UNSET) {
      current().ifPresent(old -> useless.add(old.file()));
      ObjectIndex.put(handle, object, VersionId.place(object.lastModified()));
      return object;
    }
    long place = nextPlace(object.lastModified());
    StoredObject versioned = object.withVersion(newVersion(place));
    ObjectIndex.put(handle, versioned, place);
    return versioned;
  }

  /** As {@link #add}, with the files that are of no use afterwards. */
  Replacement replacement(StoredObject object) {
    return new Replacement(Optional.of(add(object)), useless());
  }

  /** Deletes what is asked for, if it is as expected. */
  Deletion.Outcome delete(Deletion deletion, Instant now) {
    try {
      return deletion.version().isPresent()
          ? removed(deletion, deletion.version().get()) : deleted(deletion, now);
    } catch (Fault refused) {
      // only checks throw it, and they come before the first change
      return new Deletion.Outcome.Refused(refused);
    }
  }

  private Deletion.Outcome removed(Deletion deletion, String version) {
    deletion.expected().check(deletion.key(), VersionIndex.find(handle, bucket.name(), key, version)
        .filter(StoredObject.class::isInstance).map(StoredObject.class::cast));
    boolean marker = remove(version).filter(DeleteMarker.class::isInstance).isPresent();
    return new Deletion.Outcome.Done(marker, Optional.of(version));
  }

  private Deletion.Outcome deleted(Deletion deletion, Instant now) {
    if (!deletion.expected().equals(Deletion.Expected.ANYTHING)) {
      deletion.expected().check(deletion.key(), current());
    }
    if (bucket.versioning() != Versioning.UNSET) {
      ObjectKey.of(deletion.key());
    }
    Optional<DeleteMarker> made = delete(now);
    return new Deletion.Outcome.Done(made.isPresent(), made.map(DeleteMarker::version));
  }

  /** Deletes what the key gives, by the bucket's versioning; the marker that now stands for it, if one does. */
  private Optional<DeleteMarker> delete(Instant now) {
    if (bucket.versioning() == Versioning.UNSET) {
      current().ifPresent(old -> useless.add(old.file()));
      ObjectIndex.delete(handle, bucket.name(), key);
      return Optional.empty();
    }
    long place = nextPlace(now);
    DeleteMarker marker = new DeleteMarker(bucket.name(), ObjectKey.text(key), newVersion(place), now);
    VersionIndex.putMarker(handle, marker, place);
    return Optional.of(marker);
  }

  /** Removes one version for good; what it was. The one before it takes its place when it was the newest. */
  private Optional<ObjectVersion> remove(String version) {
    Optional<ObjectVersion> found = VersionIndex.find(handle, bucket.name(), key, version);
    found.ifPresent(present -> {
      drop(version);
      if (current().isEmpty()) {
        VersionIndex.restoreNewest(handle, bucket.name(), key);
      }
    });
    return found;
  }

  /** Makes way for a new version, and names it. */
  private String newVersion(long place) {
    boolean enabled = bucket.versioning() == Versioning.ENABLED;
    if (!enabled) {
      drop(VersionId.NULL);
    }
    VersionIndex.retireCurrent(handle, bucket.name(), key);
    return enabled ? VersionId.at(place) : VersionId.NULL;
  }

  private void drop(String version) {
    useless.addAll(VersionIndex.delete(handle, bucket.name(), key, version));
  }

  /** Above every version that is there, whatever the clock says. */
  private long nextPlace(Instant now) {
    OptionalLong newest = VersionIndex.newestPlace(handle, bucket.name(), key);
    long place = VersionId.place(now);
    return newest.isPresent() ? Math.min(place, newest.getAsLong() - 1) : place;
  }
}
