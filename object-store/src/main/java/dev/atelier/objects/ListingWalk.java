package dev.atelier.objects;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** Walks the keys of a bucket for one page; a common prefix is one step, however many keys it stands for. */
final class ListingWalk {
  private static final int BATCH = 1000;
  private static final int BATCH_WITH_DELIMITER = 64;

  private final Handle handle;
  private final String bucket;
  private final byte[] prefix;
  private final byte[] delimiter;
  private final Optional<byte[]> end;
  private final List<StoredObject> objects = new ArrayList<>();
  private final List<String> commonPrefixes = new ArrayList<>();
  private Optional<Listing.Start> reached = Optional.empty();
  private String last = "";

  ListingWalk(Handle handle, String bucket, String prefix, String delimiter) {
    this.handle = handle;
    this.bucket = bucket;
    this.prefix = ObjectKey.bytes(prefix);
    this.delimiter = ObjectKey.bytes(delimiter);
    this.end = ObjectKey.after(this.prefix);
  }

  Listing page(Listing.Start start, int most) {
    if (most == 0) {
      return new Listing(List.of(), List.of(), Optional.empty(), Optional.empty());
    }
    Optional<byte[]> cursor = first(start);
    byte[] given = start instanceof Listing.Start.After after ? ObjectKey.bytes(after.key()) : new byte[0];
    while (cursor.isPresent()) {
      int left = most - objects.size() - commonPrefixes.size();
      int batch = delimiter.length == 0 ? Math.min(left + 1, BATCH) : BATCH_WITH_DELIMITER;
      List<StoredObject> rows = ObjectIndex.range(handle, bucket, cursor.get(), end, batch);
      cursor = Optional.empty();
      for (StoredObject row : rows) {
        byte[] key = ObjectKey.bytes(row.key());
        Optional<byte[]> common = ObjectKey.commonPrefix(key, prefix.length, delimiter);
        if (common.isPresent() && Arrays.equals(common.get(), given)) {
          cursor = ObjectKey.after(common.get());
          break;
        }
        if (objects.size() + commonPrefixes.size() == most) {
          return new Listing(objects, commonPrefixes, Optional.of(last), reached);
        }
        if (common.isPresent()) {
          add(ObjectKey.text(common.get()));
          cursor = ObjectKey.after(common.get());
          break;
        }
        add(row);
        cursor = rows.size() == batch ? Optional.of(successor(key)) : Optional.empty();
      }
    }
    return new Listing(objects, commonPrefixes, Optional.empty(), Optional.empty());
  }

  private void add(StoredObject object) {
    objects.add(object);
    last = object.key();
    reached = Optional.of(new Listing.Start.After(last));
  }

  private void add(String commonPrefix) {
    commonPrefixes.add(commonPrefix);
    last = commonPrefix;
    reached = Optional.of(new Listing.Start.Past(last));
  }

  /** The first key that the page may hold; empty when there is none. */
  private Optional<byte[]> first(Listing.Start start) {
    Optional<byte[]> from = switch (start) {
      case Listing.Start.After after -> after.key().isEmpty()
          ? Optional.of(prefix) : Optional.of(successor(ObjectKey.bytes(after.key())));
      case Listing.Start.Past past -> ObjectKey.after(ObjectKey.bytes(past.prefix()));
    };
    return from.map(key -> Arrays.compareUnsigned(key, prefix) < 0 ? prefix : key);
  }

  private static byte[] successor(byte[] key) {
    return Arrays.copyOf(key, key.length + 1);
  }
}
