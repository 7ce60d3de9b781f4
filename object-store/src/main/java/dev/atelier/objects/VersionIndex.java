package dev.atelier.objects;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jdbi.v3.core.Handle;

/** Versions, over the tables {@code object} and {@code noncurrent}. */
final class VersionIndex {
  private static final String ROW = "bucket, object_key, version, place, file, size, etag, modified, details";
  private static final String OF_KEY = " WHERE bucket = :bucket AND object_key = :key";

  private VersionIndex() {}

  /** A version with its place in its key's history. */
  record Row(ObjectVersion version, long place, boolean latest) {}

  static Optional<ObjectVersion> find(Handle handle, String bucket, byte[] key, String version) {
    return handle.createQuery("SELECT " + ROW + " FROM object" + OF_KEY + " AND version = :version UNION ALL SELECT "
            + ROW + " FROM noncurrent" + OF_KEY + " AND version = :version")
        .bind("bucket", bucket).bind("key", key).bind("version", version)
        .map((row, context) -> version(row)).findOne();
  }

  /** The marker that a key's history ends with; empty when it ends otherwise. */
  static Optional<DeleteMarker> newestMarker(Handle handle, String bucket, byte[] key) {
    return handle.createQuery("SELECT " + ROW + " FROM noncurrent" + OF_KEY
            + " AND file IS NULL AND NOT EXISTS (SELECT 1 FROM object" + OF_KEY + ") ORDER BY place LIMIT 1")
        .bind("bucket", bucket).bind("key", key)
        .map((row, context) -> version(row)).findOne()
        .filter(DeleteMarker.class::isInstance).map(DeleteMarker.class::cast);
  }

  static OptionalLong newestPlace(Handle handle, String bucket, byte[] key) {
    return handle.createQuery("SELECT place FROM object" + OF_KEY + " UNION ALL SELECT place FROM noncurrent" + OF_KEY
            + " ORDER BY place LIMIT 1")
        .bind("bucket", bucket).bind("key", key).mapTo(Long.class).findOne()
        .map(OptionalLong::of).orElse(OptionalLong.empty());
  }

  static OptionalLong place(Handle handle, String bucket, byte[] key, String version) {
    return handle.createQuery("SELECT place FROM object" + OF_KEY + " AND version = :version UNION ALL "
            + "SELECT place FROM noncurrent" + OF_KEY + " AND version = :version")
        .bind("bucket", bucket).bind("key", key).bind("version", version).mapTo(Long.class).findOne()
        .map(OptionalLong::of).orElse(OptionalLong.empty());
  }

  static void putMarker(Handle handle, DeleteMarker marker, long place) {
    handle.createUpdate("INSERT INTO noncurrent (" + ROW
            + ") VALUES (:bucket, :key, :version, :place, NULL, 0, '', :modified, '')")
        .bind("bucket", marker.bucket()).bind("key", ObjectKey.of(marker.key())).bind("version", marker.version())
        .bind("place", place).bind("modified", marker.lastModified().toEpochMilli()).execute();
  }

  /** What the key gives becomes an older version. */
  static void retireCurrent(Handle handle, String bucket, byte[] key) {
    handle.createUpdate("INSERT INTO noncurrent (" + ROW + ") SELECT " + ROW + " FROM object" + OF_KEY)
        .bind("bucket", bucket).bind("key", key).execute();
    ObjectIndex.delete(handle, bucket, key);
  }

  /** The newest of the older versions becomes what the key gives, unless it is a marker. */
  static void restoreNewest(Handle handle, String bucket, byte[] key) {
    int restored = handle.createUpdate("INSERT INTO object (" + ROW + ") SELECT " + ROW + " FROM noncurrent" + OF_KEY
            + " AND file IS NOT NULL AND place = (SELECT min(place) FROM noncurrent" + OF_KEY + ")")
        .bind("bucket", bucket).bind("key", key).execute();
    if (restored > 0) {
      handle.createUpdate("DELETE FROM noncurrent" + OF_KEY + " AND place = (SELECT place FROM object" + OF_KEY + ")")
          .bind("bucket", bucket).bind("key", key).execute();
    }
  }

  /** Deletes the row of a version; the file that it had, if any. */
  static List<String> delete(Handle handle, String bucket, byte[] key, String version) {
    List<String> files = new ArrayList<>();
    for (String table : List.of("object", "noncurrent")) {
      handle.createQuery("SELECT file FROM " + table + OF_KEY + " AND version = :version AND file IS NOT NULL")
          .bind("bucket", bucket).bind("key", key).bind("version", version).mapTo(String.class).forEach(files::add);
      handle.createUpdate("DELETE FROM " + table + OF_KEY + " AND version = :version")
          .bind("bucket", bucket).bind("key", key).bind("version", version).execute();
    }
    return files;
  }

  /** Changes what is said about a version. */
  static void update(Handle handle, StoredObject object) {
    for (String table : List.of("object", "noncurrent")) {
      handle.createUpdate("UPDATE " + table + " SET details = :details" + OF_KEY + " AND version = :version")
          .bind("details", Details.ofObject(object.attributes(), object.checksum(), object.parts()))
          .bind("bucket", object.bucket()).bind("key", ObjectKey.of(object.key()))
          .bind("version", object.version()).execute();
    }
  }

  /**
   * Versions by key and, within one, from the newest on: those of {@code from} whose place is above {@code place}, and
   * all of the keys above it and below {@code to}.
   */
  static List<Row> range(Handle handle, String bucket, byte[] from, long place, Optional<byte[]> to, int most) {
    String where = " WHERE bucket = :bucket AND object_key >= :from AND (object_key > :from OR place > :place)"
        + (to.isPresent() ? " AND object_key < :to" : "");
    String latest = "file IS NULL AND NOT EXISTS (SELECT 1 FROM object o WHERE o.bucket = n.bucket"
        + " AND o.object_key = n.object_key) AND NOT EXISTS (SELECT 1 FROM noncurrent m WHERE m.bucket = n.bucket"
        + " AND m.object_key = n.object_key AND m.place < n.place)";
    var query = handle.createQuery("SELECT " + ROW + ", 1 AS latest FROM object" + where + " UNION ALL SELECT " + ROW
        + ", " + latest + " AS latest FROM noncurrent n" + where + " ORDER BY object_key, place LIMIT :most");
    to.ifPresent(end -> query.bind("to", end));
    return query.bind("bucket", bucket).bind("from", from).bind("place", place).bind("most", most)
        .map((row, context) -> new Row(version(row), row.getLong("place"), row.getInt("latest") != 0)).list();
  }

  private static ObjectVersion version(ResultSet row) throws SQLException {
    return row.getString("file") != null ? ObjectIndex.object(row)
        : new DeleteMarker(row.getString("bucket"), ObjectKey.text(row.getBytes("object_key")),
            row.getString("version"), Instant.ofEpochMilli(row.getLong("modified")));
  }
}
