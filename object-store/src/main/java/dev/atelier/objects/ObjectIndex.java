package dev.atelier.objects;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** The rows of table {@code object}: what keys give at present. */
final class ObjectIndex {
  private static final String COLUMNS = "bucket, object_key, version, file, size, etag, modified, details";

  private ObjectIndex() {}

  static Optional<StoredObject> find(Handle handle, String bucket, byte[] key) {
    return handle.createQuery("SELECT " + COLUMNS
            + " FROM object WHERE bucket = :bucket AND object_key = :key")
        .bind("bucket", bucket).bind("key", key)
        .map((row, context) -> object(row)).findOne();
  }

  /** Inserts or replaces the object of a key; {@code place} is its place in the key's history. */
  static void put(Handle handle, StoredObject object, long place) {
    handle.createUpdate("""
            INSERT INTO object (bucket, object_key, version, place, file, size, etag, modified, details)
            VALUES (:bucket, :key, :version, :place, :file, :size, :etag, :modified, :details)
            ON CONFLICT (bucket, object_key) DO UPDATE SET version = excluded.version, place = excluded.place,
              file = excluded.file, size = excluded.size, etag = excluded.etag, modified = excluded.modified,
              details = excluded.details
            """)
        .bind("bucket", object.bucket()).bind("key", ObjectKey.of(object.key()))
        .bind("version", object.version()).bind("place", place)
        .bind("file", object.file()).bind("size", object.size()).bind("etag", object.etag())
        .bind("modified", object.lastModified().toEpochMilli())
        .bind("details", Details.ofObject(object.attributes(), object.checksum(), object.parts()))
        .execute();
  }

  static void delete(Handle handle, String bucket, byte[] key) {
    handle.createUpdate("DELETE FROM object WHERE bucket = :bucket AND object_key = :key")
        .bind("bucket", bucket).bind("key", key).execute();
  }

  /** The first objects at or above {@code from} and below {@code to}, in the order of their keys. */
  static List<StoredObject> range(Handle handle, String bucket, byte[] from, Optional<byte[]> to, int most) {
    String below = to.isPresent() ? " AND object_key < :to" : "";
    var query = handle.createQuery("SELECT " + COLUMNS + " FROM object WHERE bucket = :bucket"
        + " AND object_key >= :from" + below + " ORDER BY object_key LIMIT :most");
    to.ifPresent(end -> query.bind("to", end));
    return query.bind("bucket", bucket).bind("from", from).bind("most", most)
        .map((row, context) -> object(row)).list();
  }

  /** An object with its content, when that lies in a row. */
  record WithContent(StoredObject object, Optional<byte[]> content) {}

  /** As {@link #range}, with contents. */
  static List<WithContent> rangeWithContent(Handle handle, String bucket, byte[] from, Optional<byte[]> to, int most) {
    String below = to.isPresent() ? " AND object_key < :to" : "";
    var query = handle.createQuery("SELECT " + COLUMNS + ", content FROM object LEFT JOIN small_content ON id = CASE WHEN "
        + "file LIKE 'row:%' THEN CAST(substr(file, 5) AS INTEGER) END WHERE bucket = :bucket AND object_key >= :from"
        + below + " ORDER BY object_key LIMIT :most");
    to.ifPresent(end -> query.bind("to", end));
    return query.bind("bucket", bucket).bind("from", from).bind("most", most)
        .map((row, context) -> new WithContent(object(row), Optional.ofNullable(row.getBytes("content")))).list();
  }

  /** Whether a version of an object or a part has this file. */
  static boolean knows(Handle handle, String file) {
    return handle.createQuery("""
            SELECT EXISTS (SELECT 1 FROM object WHERE file = :file) OR EXISTS (SELECT 1 FROM part WHERE file = :file)
              OR EXISTS (SELECT 1 FROM noncurrent WHERE file = :file)
            """)
        .bind("file", file).mapTo(Integer.class).one() != 0;
  }

  /** Up to {@code most} files of objects, of any version, whose ids come after {@code after}; rows have none. */
  static List<String> files(Handle handle, String after, int most) {
    return handle.createQuery("SELECT file FROM object WHERE file > :after AND file < 'row:' UNION ALL "
            + "SELECT file FROM noncurrent WHERE file > :after AND file < 'row:' ORDER BY file LIMIT :most")
        .bind("after", after).bind("most", most).mapTo(String.class).list();
  }

  static StoredObject object(ResultSet row) throws SQLException {
    Details details = Details.read(row.getString("details"));
    return new StoredObject(row.getString("bucket"), ObjectKey.text(row.getBytes("object_key")), row.getLong("size"),
        row.getString("etag"), Instant.ofEpochMilli(row.getLong("modified")), details.attributes(),
        details.storedChecksum(), details.storedParts(), row.getString("file"),
        row.getString("version"));
  }
}
