package dev.atelier.ecr;

import dev.atelier.metadata.KeysetQuery;
import dev.atelier.metadata.Page;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;

/** The rows of images and their tags. Methods take the handle of the caller's unit of work. */
final class ImageStore {
  private static final String COLUMNS = "digest, media_type, artifact_type, subject, size, pushed_at, pulled_at";
  private static final String LAYER = "LAYER";
  private static final String IMAGE = "IMAGE";
  private static final RowMapper<Image> ROW = (row, context) -> {
    long pulled = row.getLong("pulled_at");
    boolean was = !row.wasNull();
    return new Image(row.getString("digest"), row.getString("media_type"),
        Optional.ofNullable(row.getString("artifact_type")), Optional.ofNullable(row.getString("subject")),
        row.getLong("size"), Instant.ofEpochMilli(row.getLong("pushed_at")),
        was ? Optional.of(Instant.ofEpochMilli(pulled)) : Optional.empty(), List.of());
  };

  /** How a page is asked for: TAGGED, UNTAGGED, or anything else for all. */
  record Paging(Optional<String> tagStatus, OptionalInt most, Optional<String> token) {
    private KeysetQuery filter(KeysetQuery query) {
      return query.equal("tagged",
          tagStatus.filter(word -> !word.equals("ANY")).map(word -> word.equals("TAGGED") ? 1 : 0));
    }
  }

  /** The image, whichever way it is named; a name with both must fit both. */
  Optional<Image> find(Handle handle, String repository, ImageId id) {
    Optional<String> digest = id.tag().isEmpty() ? id.digest()
        : tagged(handle, repository, id.tag().get()).filter(found -> id.digest().map(found::equals).orElse(true));
    return digest.flatMap(found -> handle.createQuery("SELECT " + COLUMNS
            + " FROM ecr_image WHERE repository = :repository AND digest = :digest")
        .bind("repository", repository).bind("digest", found).map(ROW).findOne())
        .map(image -> withTags(handle, repository, image));
  }

  private Image withTags(Handle handle, String repository, Image image) {
    return new Image(image.digest(), image.mediaType(), image.artifactType(), image.subject(), image.size(),
        image.pushed(), image.pulled(), tags(handle, repository, image.digest()));
  }

  /** The digest of the image that has the tag. */
  Optional<String> tagged(Handle handle, String repository, String tag) {
    return handle.createQuery("SELECT image FROM ecr_tag WHERE repository = :repository AND tag = :tag")
        .bind("repository", repository).bind("tag", tag).mapTo(String.class).findOne();
  }

  List<String> tags(Handle handle, String repository, String digest) {
    return handle.createQuery("SELECT tag FROM ecr_tag WHERE repository = :repository AND image = :digest ORDER BY tag")
        .bind("repository", repository).bind("digest", digest).mapTo(String.class).list();
  }

  /** One page of all tags that come after one, in alphabetical order. */
  List<String> tags(Handle handle, String repository, String after, int most) {
    return handle.createQuery("SELECT tag FROM ecr_tag WHERE repository = :repository AND tag > :after"
            + " ORDER BY tag LIMIT :most")
        .bind("repository", repository).bind("after", after).bind("most", most).mapTo(String.class).list();
  }

  byte[] manifest(Handle handle, String repository, String digest) {
    return handle.createQuery("SELECT manifest FROM ecr_image WHERE repository = :repository AND digest = :digest")
        .bind("repository", repository).bind("digest", digest).mapTo(byte[].class).one();
  }

  /** Adds an image with what it needs. */
  void insert(Handle handle, String repository, Manifest manifest, byte[] text, long size, Instant now) {
    handle.createUpdate("""
            INSERT INTO ecr_image
              (repository, digest, media_type, artifact_type, subject, size, manifest, pushed_at)
            VALUES (:repository, :digest, :type, :artifact, :subject, :size, :manifest, :now)
            """)
        .bind("repository", repository).bind("digest", manifest.digest()).bind("type", manifest.mediaType())
        .bind("artifact", manifest.artifactType().orElse(null)).bind("subject", manifest.subject().orElse(null))
        .bind("size", size).bind("manifest", text).bind("now", now.toEpochMilli()).execute();
    manifest.layers().forEach(each -> part(handle, repository, manifest.digest(), each.digest(), LAYER));
    manifest.images().forEach(each -> part(handle, repository, manifest.digest(), each.digest(), IMAGE));
  }

  private static void part(Handle handle, String repository, String image, String part, String kind) {
    handle.createUpdate("INSERT INTO ecr_image_part (repository, part, kind, image)"
            + " VALUES (:repository, :part, :kind, :image) ON CONFLICT DO NOTHING")
        .bind("repository", repository).bind("part", part).bind("kind", kind).bind("image", image).execute();
  }

  /** Gives the tag to an image, taking it from another. */
  void tag(Handle handle, String repository, String tag, String digest) {
    handle.createUpdate("INSERT INTO ecr_tag (repository, tag, image) VALUES (:repository, :tag, :digest)"
            + " ON CONFLICT (repository, tag) DO UPDATE SET image = excluded.image")
        .bind("repository", repository).bind("tag", tag).bind("digest", digest).execute();
  }

  void untag(Handle handle, String repository, String tag) {
    handle.createUpdate("DELETE FROM ecr_tag WHERE repository = :repository AND tag = :tag")
        .bind("repository", repository).bind("tag", tag).execute();
  }

  void delete(Handle handle, String repository, String digest) {
    handle.createUpdate("DELETE FROM ecr_image WHERE repository = :repository AND digest = :digest")
        .bind("repository", repository).bind("digest", digest).execute();
  }

  /** Whether an image of any repository has the layer or configuration. */
  boolean needs(Handle handle, String digest) {
    return handle.createQuery("SELECT EXISTS (SELECT 1 FROM ecr_image_part WHERE part = :digest AND kind = 'LAYER')")
        .bind("digest", digest).mapTo(Integer.class).one() == 1;
  }

  /** The lists that need an image. */
  List<String> listing(Handle handle, String repository, String digest) {
    return handle.createQuery("SELECT image FROM ecr_image_part WHERE repository = :repository AND part = :digest"
            + " AND kind = 'IMAGE' ORDER BY image")
        .bind("repository", repository).bind("digest", digest).mapTo(String.class).list();
  }

  void pulled(Handle handle, String repository, String digest, Instant now) {
    handle.createUpdate("UPDATE ecr_image SET pulled_at = :now WHERE repository = :repository AND digest = :digest")
        .bind("repository", repository).bind("digest", digest).bind("now", now.toEpochMilli()).execute();
  }

  boolean any(Handle handle, String repository) {
    return handle.createQuery("SELECT EXISTS (SELECT 1 FROM ecr_image WHERE repository = :repository)")
        .bind("repository", repository).mapTo(Integer.class).one() == 1;
  }

  /** Every image, the newest first. */
  List<Image> all(Handle handle, String repository) {
    return handle.createQuery("SELECT " + COLUMNS + " FROM ecr_image WHERE repository = :repository"
            + " ORDER BY pushed_at DESC, digest")
        .bind("repository", repository).map(ROW).list().stream()
        .map(image -> withTags(handle, repository, image)).toList();
  }

  /** The images that say something about a manifest, in the order of their digests. */
  List<Image> referrers(Handle handle, String repository, String subject) {
    return handle.createQuery("SELECT " + COLUMNS + " FROM ecr_image WHERE repository = :repository"
            + " AND subject = :subject ORDER BY digest")
        .bind("repository", repository).bind("subject", subject).map(ROW).list();
  }

  Page<Image> list(Handle handle, String repository, Paging paging) {
    KeysetQuery query = KeysetQuery.from("ecr_image_listed", (COLUMNS + ", repository, tagged").split(", "))
        .equal("repository", repository);
    return paging.filter(query).sortBy("pushed_at", "digest", KeysetQuery.Direction.DESCENDING).pageSize(100, 1000)
        .page(handle, paging.most(), paging.token(), ROW).map(image -> withTags(handle, repository, image));
  }

  /** Every image once for each of its tags, and once when it has none. */
  Page<ImageId> names(Handle handle, String repository, Paging paging) {
    KeysetQuery query = KeysetQuery.from("ecr_image_named", "repository", "digest", "tag", "tagged", "place")
        .equal("repository", repository);
    return paging.filter(query).sortBy("place", "place", KeysetQuery.Direction.ASCENDING).pageSize(100, 1000)
        .page(handle, paging.most(), paging.token(), (row, context) -> new ImageId(
            Optional.of(row.getString("digest")), Optional.of(row.getString("tag")).filter(tag -> !tag.isEmpty())));
  }
}
