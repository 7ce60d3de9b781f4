package dev.atelier.ecr;

import dev.atelier.kernel.Fault;
import dev.atelier.metadata.MetadataStore;
import dev.atelier.metadata.Page;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jdbi.v3.core.Handle;

/** The images of repositories. An image is put, with its tag, in one transaction that finds all it needs. */
final class Images {
  private static final Pattern TAG = Pattern.compile("[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}");
  private static final Duration NOTED_AGAIN = Duration.ofHours(24);

  private final MetadataStore database;
  private final ImageStore store;
  private final LayerStore layers;
  private final Clock clock;

  Images(MetadataStore database, ImageStore store, LayerStore layers, Clock clock) {
    this.database = database;
    this.store = store;
    this.layers = layers;
    this.clock = clock;
  }

  /** An image with the text of its manifest. */
  record Found(Image image, byte[] manifest) {}

  /**
   * What became of an image that was put.
   *
   * @param changed whether the repository had it not, or not under this tag
   */
  record Put(Manifest manifest, boolean changed) {}

  /**
   * Puts an image, and gives it the tag.
   *
   * @param type the media type that came with the manifest
   * @param expected the digest that the client computed
   * @throws Fault InvalidParameterException, ImageDigestDoesNotMatchException, LayersNotFoundException,
   *     ReferencedImagesNotFoundException, ImageTagAlreadyExistsException
   */
  Put put(Repository repository, byte[] text, Optional<String> type, Optional<String> tag, Optional<String> expected) {
    Manifest manifest = Manifest.read(text, type);
    tag.filter(each -> !TAG.matcher(each).matches()).ifPresent(each -> {
      throw EcrFault.invalid("ImageTag", "must satisfy regular expression '" + TAG + "'");
    });
    expected.filter(digest -> !digest.equals(manifest.digest())).ifPresent(digest -> {
      throw EcrFault.of("ImageDigestDoesNotMatchException", "The specified image digest '" + digest
          + "' does not match the digest '" + manifest.digest() + "' that was computed for the image");
    });
    return database.write(tx -> {
      Optional<Image> present = store.find(tx, repository.id(), ImageId.ofDigest(manifest.digest()));
      boolean changed = present.isEmpty();
      if (present.isEmpty()) {
        requireLayers(tx, repository, manifest);
        long size = Math.max(manifest.layerBytes(), largest(tx, repository, manifest));
        store.insert(tx, repository.id(), manifest, text, size, now());
      }
      if (tag.isPresent()) {
        changed |= tag(tx, repository, tag.get(), manifest.digest());
      }
      return new Put(manifest, changed);
    });
  }

  private void requireLayers(Handle tx, Repository repository, Manifest manifest) {
    List<String> missing = manifest.layers().stream().filter(each -> !each.elsewhere()).map(Manifest.Descriptor::digest)
        .distinct().filter(digest -> layers.find(tx, repository.id(), digest).isEmpty()).toList();
    if (!missing.isEmpty()) {
      throw EcrFault.layersNotFound(String.join(", ", missing), repository);
    }
  }

  private long largest(Handle tx, Repository repository, Manifest manifest) {
    long largest = 0;
    List<String> missing = new ArrayList<>();
    for (Manifest.Descriptor each : manifest.images()) {
      Optional<Image> image = store.find(tx, repository.id(), ImageId.ofDigest(each.digest()));
      if (image.isEmpty()) {
        missing.add(each.digest());
      }
      largest = Math.max(largest, image.map(Image::size).orElse(0L));
    }
    if (!missing.isEmpty()) {
      throw EcrFault.of("ReferencedImagesNotFoundException", "Images with digests '[" + String.join(", ", missing)
          + "]' required for pushing image into repository with name '" + repository.name()
          + "' in the registry with id '" + repository.account() + "' do not exist");
    }
    return largest;
  }

  /** Whether the image had the tag not before. */
  private boolean tag(Handle tx, Repository repository, String tag, String digest) {
    Optional<String> holder = store.tagged(tx, repository.id(), tag);
    if (holder.filter(digest::equals).isPresent()) {
      return false;
    }
    if (holder.isPresent() && repository.tagRule().fixes(tag)) {
      throw EcrFault.of("ImageTagAlreadyExistsException", "The image tag '" + tag + "' already exists in the '"
          + repository.name() + "' repository and cannot be overwritten because the tag is immutable.");
    }
    store.tag(tx, repository.id(), tag, digest);
    return true;
  }

  Optional<Image> find(Repository repository, ImageId id) {
    return database.read(tx -> store.find(tx, repository.id(), id));
  }

  /** @throws Fault ImageNotFoundException */
  Image require(Repository repository, ImageId id) {
    return find(repository, id).orElseThrow(() -> EcrFault.imageNotFound(id, repository));
  }

  /** An image for somebody who is about to pull it. */
  Optional<Found> pull(Repository repository, ImageId id) {
    Optional<Found> found = database.read(tx -> store.find(tx, repository.id(), id)
        .map(image -> new Found(image, store.manifest(tx, repository.id(), image.digest()))));
    Instant now = now();
    found.map(Found::image)
        .filter(image -> image.pulled().map(last -> last.plus(NOTED_AGAIN).isBefore(now)).orElse(true))
        .ifPresent(image -> database.write(tx -> {
          store.pulled(tx, repository.id(), image.digest(), now);
          return image;
        }));
    return found;
  }

  /** What became of one image that was to be deleted. */
  sealed interface Deletion {
    /** The names that are gone. */
    record Done(List<ImageId> gone) implements Deletion {}

    /** In ECR's words. */
    record Refused(ImageId id, String code, String reason) implements Deletion {}
  }

  /** Deletes images: by a tag that tag alone, and the image with its last; by a digest the image with all tags. */
  List<Deletion> delete(Repository repository, List<ImageId> ids) {
    return database.write(tx -> ids.stream().map(id -> delete(tx, repository, id)).toList());
  }

  private Deletion delete(Handle tx, Repository repository, ImageId id) {
    if (id.digest().isEmpty() && id.tag().isEmpty()) {
      return new Deletion.Refused(id, "MissingDigestAndTag",
          "Invalid request parameters: both tag and digest cannot be null");
    }
    if (id.digest().filter(digest -> !ImageId.isDigest(digest)).isPresent()) {
      return new Deletion.Refused(id, "InvalidImageDigest", "Invalid request parameters: image digest should satisfy the"
          + " regex '[a-zA-Z0-9-_+.]+:[a-fA-F0-9]+'");
    }
    Optional<Image> found = store.find(tx, repository.id(), id);
    if (found.isEmpty()) {
      return new Deletion.Refused(id, "ImageNotFound", "Requested image not found");
    }
    Image image = found.get();
    boolean tagAlone = id.digest().isEmpty() && image.tags().size() > 1;
    if (tagAlone) {
      store.untag(tx, repository.id(), id.tag().orElseThrow());
      return new Deletion.Done(List.of(new ImageId(Optional.of(image.digest()), id.tag())));
    }
    List<String> lists = store.listing(tx, repository.id(), image.digest());
    if (!lists.isEmpty()) {
      return new Deletion.Refused(id, "ImageReferencedByManifestList",
          "Requested image referenced by manifest list: [" + String.join(", ", lists) + "]");
    }
    store.delete(tx, repository.id(), image.digest());
    return new Deletion.Done(names(image));
  }

  /** Once for each tag, or once by the digest alone. */
  private static List<ImageId> names(Image image) {
    return image.tags().isEmpty() ? List.of(ImageId.ofDigest(image.digest()))
        : image.tags().stream().map(tag -> new ImageId(Optional.of(image.digest()), Optional.of(tag))).toList();
  }

  /**
   * Deletes the images that are due, decided on what is there then; those that a list needs go after it.
   *
   * @param due of all images, the newest first, those that are to go
   * @return how many went
   */
  int expire(Repository repository, Function<List<Image>, Collection<Image>> due) {
    return database.write(tx -> {
      Set<String> left = new LinkedHashSet<>();
      due.apply(store.all(tx, repository.id())).forEach(image -> left.add(image.digest()));
      int asked = left.size();
      boolean went = true;
      while (went) {
        went = left.removeIf(digest -> delete(tx, repository, ImageId.ofDigest(digest)) instanceof Deletion.Done);
      }
      return asked - left.size();
    });
  }

  boolean any(Handle tx, Repository repository) {
    return store.any(tx, repository.id());
  }

  /** Whether an image of any repository has the layer or configuration. */
  boolean needs(String digest) {
    return database.read(tx -> store.needs(tx, digest));
  }

  List<Image> all(Repository repository) {
    return database.read(tx -> store.all(tx, repository.id()));
  }

  /** The images that say something about a manifest, with their texts. */
  List<Found> referrers(Repository repository, String subject) {
    return database.read(tx -> store.referrers(tx, repository.id(), subject).stream()
        .map(image -> new Found(image, store.manifest(tx, repository.id(), image.digest()))).toList());
  }

  /** One page of the tags after one, in alphabetical order. */
  List<String> tags(Repository repository, String after, int most) {
    return database.read(tx -> store.tags(tx, repository.id(), after, most));
  }

  Page<Image> list(Repository repository, ImageStore.Paging paging) {
    return Repositories.paged(() -> database.read(tx -> store.list(tx, repository.id(), paging)));
  }

  Page<ImageId> names(Repository repository, ImageStore.Paging paging) {
    return Repositories.paged(() -> database.read(tx -> store.names(tx, repository.id(), paging)));
  }

  private Instant now() {
    return Instant.ofEpochMilli(clock.millis());
  }
}
