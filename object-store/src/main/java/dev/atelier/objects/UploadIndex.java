package dev.atelier.objects;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** The rows of the tables {@code upload} and {@code part}. */
final class UploadIndex {
  private UploadIndex() {}

  /** An upload with the ETag of its object when it is completed. */
  record Row(Upload upload, Optional<String> completedEtag) {}

  static void insert(Handle handle, Upload upload) {
    handle.createUpdate("""
            INSERT INTO upload (id, bucket, object_key, initiated, details)
            VALUES (:id, :bucket, :key, :initiated, :details)
            """)
        .bind("id", upload.id()).bind("bucket", upload.bucket()).bind("key", ObjectKey.of(upload.key()))
        .bind("initiated", upload.initiated().toEpochMilli())
        .bind("details", Details.ofObject(upload.attributes(), upload.checksum(), List.of())).execute();
  }

  static Optional<Row> find(Handle handle, String id) {
    return handle.createQuery("""
            SELECT id, bucket, object_key, initiated, details, completed_etag FROM upload WHERE id = :id
            """)
        .bind("id", id)
        .map((row, context) -> new Row(upload(row), Optional.ofNullable(row.getString("completed_etag")))).findOne();
  }

  /** Unfinished uploads at or above a key, by key and id. */
  static List<Upload> from(Handle handle, String bucket, byte[] from, Optional<byte[]> to, String afterId, int most) {
    String below = to.isPresent() ? " AND object_key < :to" : "";
    var query = handle.createQuery("SELECT id, bucket, object_key, initiated, details FROM upload"
        + " WHERE bucket = :bucket AND completed IS NULL AND (object_key, id) > (:from, :after)" + below
        + " ORDER BY object_key, id LIMIT :most");
    to.ifPresent(end -> query.bind("to", end));
    return query.bind("bucket", bucket).bind("from", from).bind("after", afterId).bind("most", most)
        .map((row, context) -> upload(row)).list();
  }

  /** Marks an upload completed; its row answers repeated Complete requests until it is pruned. */
  static void complete(Handle handle, String id, String etag, Instant now) {
    handle.createUpdate("UPDATE upload SET completed_etag = :etag, completed = :now WHERE id = :id")
        .bind("id", id).bind("etag", etag).bind("now", now.toEpochMilli()).execute();
    handle.createUpdate("DELETE FROM part WHERE upload = :id").bind("id", id).execute();
  }

  static void delete(Handle handle, String id) {
    handle.createUpdate("DELETE FROM upload WHERE id = :id").bind("id", id).execute();
  }

  static void pruneCompletedBefore(Handle handle, Instant time) {
    handle.createUpdate("DELETE FROM upload WHERE completed < :time").bind("time", time.toEpochMilli()).execute();
  }

  /** Inserts or replaces a part; the file that it replaces. */
  static Optional<String> putPart(Handle handle, String upload, UploadPart part) {
    Optional<String> replaced =
        handle.createQuery("SELECT file FROM part WHERE upload = :upload AND number = :number")
            .bind("upload", upload).bind("number", part.number()).mapTo(String.class).findOne();
    handle.createUpdate("""
            INSERT INTO part (upload, number, file, size, etag, algorithm, checksum, modified)
            VALUES (:upload, :number, :file, :size, :etag, :algorithm, :checksum, :modified)
            ON CONFLICT (upload, number) DO UPDATE SET file = excluded.file, size = excluded.size,
              etag = excluded.etag, algorithm = excluded.algorithm, checksum = excluded.checksum, modified = excluded.modified
            """)
        .bind("upload", upload).bind("number", part.number()).bind("file", part.file()).bind("size", part.size())
        .bind("etag", part.etag()).bind("algorithm", part.algorithm().map(Enum::name).orElse(""))
        .bind("checksum", part.checksum().orElse(""))
        .bind("modified", part.lastModified().toEpochMilli()).execute();
    return replaced;
  }

  /** Parts whose numbers come after {@code after}, by number. */
  static List<UploadPart> parts(Handle handle, String upload, int after, int most) {
    return handle.createQuery("""
            SELECT number, size, etag, algorithm, checksum, modified, file FROM part
            WHERE upload = :upload AND number > :after ORDER BY number LIMIT :most
            """)
        .bind("upload", upload).bind("after", after).bind("most", most)
        .map((row, context) -> new UploadPart(row.getInt("number"), row.getLong("size"), row.getString("etag"),
            ChecksumAlgorithm.named(row.getString("algorithm")), Optional.of(row.getString("checksum")).filter(value -> !value.isEmpty()),
            Instant.ofEpochMilli(row.getLong("modified")), row.getString("file")))
        .list();
  }

  private static Upload upload(ResultSet row) throws SQLException {
    Details details = Details.read(row.getString("details"));
    return new Upload(row.getString("id"), row.getString("bucket"), ObjectKey.text(row.getBytes("object_key")),
        Instant.ofEpochMilli(row.getLong("initiated")), details.attributes(), details.storedChecksum());
  }
}
