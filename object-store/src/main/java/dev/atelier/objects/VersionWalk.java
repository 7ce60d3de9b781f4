package dev.atelier.objects;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jdbi.v3.core.Handle;

/** Walks the versions of a bucket for one page; a common prefix is one step, however much it stands for. */
final class VersionWalk {
  private static final int BATCH = 1000;
  private static final int BATCH_WITH_DELIMITER = 64;

  private final Handle handle;
  private final String bucket;
  private final byte[] prefix;
  private final byte[] delimiter;
  private final Optional<byte[]> end;
  private final List<VersionListing.Entry> entries = new ArrayList<>();
  private final List<String> commonPrefixes = new ArrayList<>();
  private VersionListing.Marker last = VersionListing.Marker.BEGINNING;

  VersionWalk(Handle handle, String bucket, String prefix, String delimiter) {
    this.handle = handle;
    this.bucket = bucket;
    this.prefix = ObjectKey.bytes(prefix);
    this.delimiter = ObjectKey.bytes(delimiter);
    this.end = ObjectKey.after(this.prefix);
  }

  /** Where a step goes on: above a place of a key. */
  private record Cursor(byte[] key, long place) {
    static Cursor at(byte[] key) {
      return new Cursor(key, Long.MIN_VALUE);
    }
  }

  VersionListing page(VersionListing.Marker start, int most) {
    Optional<Cursor> cursor = most == 0 ? Optional.empty() : Optional.of(first(start));
    byte[] given = ObjectKey.bytes(start.key());
    while (cursor.isPresent()) {
      int left = most - entries.size() - commonPrefixes.size();
      int batch = delimiter.length == 0 ? Math.min(left + 1, BATCH) : BATCH_WITH_DELIMITER;
      List<VersionIndex.Row> rows =
          VersionIndex.range(handle, bucket, cursor.get().key(), cursor.get().place(), end, batch);
      cursor = Optional.empty();
      for (VersionIndex.Row row : rows) {
        byte[] key = ObjectKey.bytes(row.version().key());
        Optional<byte[]> common = ObjectKey.commonPrefix(key, prefix.length, delimiter);
        boolean before = common.isPresent() && Arrays.equals(common.get(), given);
        if (!before && entries.size() + commonPrefixes.size() == most) {
          return new VersionListing(entries, commonPrefixes, Optional.of(last));
        }
        if (common.isPresent()) {
          if (!before) {
            commonPrefixes.add(ObjectKey.text(common.get()));
            last = new VersionListing.Marker(ObjectKey.text(common.get()), Optional.empty());
          }
          cursor = ObjectKey.after(common.get()).map(Cursor::at);
          break;
        }
        entries.add(new VersionListing.Entry(row.version(), row.latest()));
        last = new VersionListing.Marker(row.version().key(), Optional.of(row.version().version()));
        cursor = rows.size() == batch ? Optional.of(new Cursor(key, row.place())) : Optional.empty();
      }
    }
    return new VersionListing(entries, commonPrefixes, Optional.empty());
  }

  private Cursor first(VersionListing.Marker start) {
    byte[] key = ObjectKey.bytes(start.key());
    if (Arrays.compareUnsigned(key, prefix) < 0 || key.length == 0) {
      return Cursor.at(prefix);
    }
    long place = start.version().map(version -> place(key, version)).orElse(Long.MAX_VALUE);
    return new Cursor(key, place);
  }

  /** Ids hold their place, in case the version is gone meanwhile; for a {@code null} that is gone, the next key's. */
  private long place(byte[] key, String version) {
    OptionalLong held = VersionId.placeOf(version);
    return held.isPresent() ? held.getAsLong()
        : VersionIndex.place(handle, bucket, key, version).orElse(Long.MAX_VALUE);
  }
}
