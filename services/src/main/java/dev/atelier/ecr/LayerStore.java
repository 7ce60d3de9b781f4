package dev.atelier.ecr;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;

/** The rows of layers and of uploads. Methods take the handle of the caller's unit of work. */
final class LayerStore {
  private static final RowMapper<Layer> LAYER = (row, context) -> new Layer(row.getString("digest"),
      row.getLong("size"), row.getString("content"), Instant.ofEpochMilli(row.getLong("used_at")));
  private static final RowMapper<Chunk> CHUNK = (row, context) -> new Chunk(row.getLong("first"), row.getLong("size"),
      row.getString("sha256"), row.getString("content"));

  /**
   * A layer, or the configuration of an image.
   *
   * @param content the name of the object that holds it
   * @param used when somebody last relied on its being there
   */
  record Layer(String digest, long size, String content, Instant used) {}

  /**
   * A piece of a layer that is being sent.
   *
   * @param first the place of its first byte in the layer
   * @param sha256 of the piece, in hexadecimal digits
   */
  record Chunk(long first, long size, String sha256, String content) {
    long end() {
      return first + size;
    }
  }

  Optional<Layer> find(Handle handle, String repository, String digest) {
    return handle.createQuery("SELECT digest, size, content, used_at FROM ecr_layer"
        + " WHERE repository = :repository AND digest = :digest")
        .bind("repository", repository).bind("digest", digest).map(LAYER).findOne();
  }

  /** Whether the repository had no such layer. */
  boolean insert(Handle handle, String repository, Layer layer) {
    return handle.createUpdate("INSERT INTO ecr_layer (repository, digest, size, content, used_at)"
            + " VALUES (:repository, :digest, :size, :content, :used) ON CONFLICT DO NOTHING")
        .bind("repository", repository).bind("digest", layer.digest()).bind("size", layer.size())
        .bind("content", layer.content()).bind("used", layer.used().toEpochMilli()).execute() == 1;
  }

  void used(Handle handle, String repository, String digest, Instant now) {
    handle.createUpdate("UPDATE ecr_layer SET used_at = :now WHERE repository = :repository AND digest = :digest")
        .bind("repository", repository).bind("digest", digest).bind("now", now.toEpochMilli()).execute();
  }

  /** Removes the layers that no image needs and nobody relied on since a time; the names of their contents. */
  List<String> deleteUnused(Handle handle, Instant before) {
    String unused = " FROM ecr_layer WHERE used_at < :before AND NOT EXISTS (SELECT 1 FROM ecr_image_part p"
        + " WHERE p.repository = ecr_layer.repository AND p.part = ecr_layer.digest AND p.kind = 'LAYER')";
    List<String> contents = handle.createQuery("SELECT content" + unused).bind("before", before.toEpochMilli())
        .mapTo(String.class).list();
    handle.createUpdate("DELETE" + unused).bind("before", before.toEpochMilli()).execute();
    return contents;
  }

  void start(Handle handle, String repository, String upload, Instant now) {
    handle.createUpdate("INSERT INTO ecr_upload (id, repository, started_at) VALUES (:id, :repository, :now)")
        .bind("id", upload).bind("repository", repository).bind("now", now.toEpochMilli()).execute();
  }

  boolean isUpload(Handle handle, String repository, String upload) {
    return handle.createQuery("SELECT 1 FROM ecr_upload WHERE id = :id AND repository = :repository")
        .bind("id", upload).bind("repository", repository).mapTo(Integer.class).findOne().isPresent();
  }

  /** In their order. */
  List<Chunk> chunks(Handle handle, String upload) {
    return handle.createQuery("SELECT first, size, sha256, content FROM ecr_chunk WHERE upload = :id ORDER BY first")
        .bind("id", upload).map(CHUNK).list();
  }

  void append(Handle handle, String upload, Chunk chunk) {
    handle.createUpdate("INSERT INTO ecr_chunk (upload, first, size, sha256, content)"
            + " VALUES (:id, :first, :size, :sha256, :content)")
        .bind("id", upload).bind("first", chunk.first()).bind("size", chunk.size()).bind("sha256", chunk.sha256())
        .bind("content", chunk.content()).execute();
  }

  void deleteUpload(Handle handle, String upload) {
    handle.createUpdate("DELETE FROM ecr_upload WHERE id = :id").bind("id", upload).execute();
  }

  /** Removes the uploads that began before a time; the names of their contents. */
  List<String> deleteUploads(Handle handle, Instant before) {
    List<String> contents = new ArrayList<>(handle.createQuery("SELECT c.content FROM ecr_chunk c JOIN ecr_upload u"
        + " ON u.id = c.upload WHERE u.started_at < :before").bind("before", before.toEpochMilli())
        .mapTo(String.class).list());
    handle.createUpdate("DELETE FROM ecr_upload WHERE started_at < :before")
        .bind("before", before.toEpochMilli()).execute();
    return contents;
  }

  /** The contents that a repository's rows name. */
  List<String> contents(Handle handle, String repository) {
    return handle.createQuery("SELECT content FROM ecr_layer WHERE repository = :id UNION ALL SELECT c.content"
        + " FROM ecr_chunk c JOIN ecr_upload u ON u.id = c.upload WHERE u.repository = :id")
        .bind("id", repository).mapTo(String.class).list();
  }

  /** Whether a row names the content. */
  boolean names(Handle handle, String content) {
    return handle.createQuery("SELECT EXISTS (SELECT 1 FROM ecr_layer WHERE content = :content)"
        + " OR EXISTS (SELECT 1 FROM ecr_chunk WHERE content = :content)")
        .bind("content", content).mapTo(Integer.class).one() == 1;
  }
}
