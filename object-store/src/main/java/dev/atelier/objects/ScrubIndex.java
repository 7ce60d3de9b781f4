package dev.atelier.objects;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** The rows of the tables {@code scrub} and {@code damage}, and what content there is, by its file. */
final class ScrubIndex {
  private static final String OBJECT =
      "bucket, object_key, version, file, size, etag, modified, details";
  private static final String KNOWN = "(SELECT file FROM object UNION ALL SELECT file FROM noncurrent "
      + "WHERE file IS NOT NULL UNION ALL SELECT file FROM part)";

  private ScrubIndex() {}

  /** A file with the version, or the part as a version of its upload's key, whose content it is. */
  record Row(StoredObject object, boolean part) {}

  /** The file that the pass compared last; empty when none is under way. */
  static String position(Handle handle) {
    return handle.createQuery("SELECT position FROM scrub").mapTo(String.class).one();
  }

  static void moveTo(Handle handle, String position) {
    handle.createUpdate("UPDATE scrub SET position = :position").bind("position", position).execute();
  }

  static Optional<Instant> finished(Handle handle) {
    return handle.createQuery("SELECT finished FROM scrub WHERE finished IS NOT NULL").mapTo(Long.class).findOne()
        .map(Instant::ofEpochMilli);
  }

  /** Ends a pass: damage of files that are gone is forgotten. */
  static void finish(Handle handle, Instant now) {
    handle.createUpdate("UPDATE scrub SET position = '', finished = :now").bind("now", now.toEpochMilli()).execute();
    handle.createUpdate("DELETE FROM damage WHERE file NOT IN " + KNOWN).execute();
  }

  static void damaged(Handle handle, String file, String reason, Instant now) {
    handle.createUpdate("INSERT INTO damage (file, found, reason) VALUES (:file, :now, :reason) "
            + "ON CONFLICT (file) DO UPDATE SET reason = excluded.reason")
        .bind("file", file).bind("now", now.toEpochMilli()).bind("reason", reason).execute();
  }

  static void sound(Handle handle, String file) {
    handle.createUpdate("DELETE FROM damage WHERE file = :file").bind("file", file).execute();
  }

  static List<String> damaged(Handle handle) {
    return handle.createQuery("SELECT file FROM damage WHERE file IN " + KNOWN).mapTo(String.class).list();
  }

  /** The next contents by the order of their files. */
  static List<Row> after(Handle handle, String file, int most) {
    List<Row> rows = new ArrayList<>();
    for (String table : List.of("object", "noncurrent")) {
      handle.createQuery("SELECT " + OBJECT + " FROM " + table + " WHERE file > :after ORDER BY file LIMIT :most")
          .bind("after", file).bind("most", most)
          .map((row, context) -> new Row(ObjectIndex.object(row), false)).forEach(rows::add);
    }
    handle.createQuery("SELECT upload, number, size, etag, modified, file FROM part WHERE file > :after "
            + "ORDER BY file LIMIT :most")
        .bind("after", file).bind("most", most)
        .map((row, context) -> part(handle, row.getString("upload"), new UploadPart(row.getInt("number"),
            row.getLong("size"), row.getString("etag"), Optional.empty(), Optional.empty(),
            Instant.ofEpochMilli(row.getLong("modified")), row.getString("file")))).forEach(rows::add);
    return rows.stream().sorted((a, b) -> a.object.file().compareTo(b.object.file())).limit(most).toList();
  }

  private static Row part(Handle handle, String uploadId, UploadPart part) {
    Upload upload = UploadIndex.find(handle, uploadId).orElseThrow().upload();
    return new Row(new StoredObject(upload.bucket(), upload.key(), part.size(), part.etag(), part.lastModified(),
        upload.attributes(), Optional.empty(),
        List.of(new StoredObject.Part(part.number(), part.size(), Optional.empty())), part.file()), true);
  }
}
