package dev.atelier.ecr;

import dev.atelier.ecr.LayerStore.Chunk;
import dev.atelier.ecr.LayerStore.Layer;
import dev.atelier.kernel.Fault;
import dev.atelier.metadata.MetadataStore;
import dev.atelier.objects.ObjectReader;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * The layers of repositories, and how they get there. A content is on disk before a row names it, and goes after its row:
 * what is left over by a crash is swept. A layer that no image needs stays for a day after somebody last relied on it.
 */
final class Layers {
  static final Pattern SHA256 = Pattern.compile("sha256:[a-f0-9]{64}");
  private static final Duration KEPT = Duration.ofDays(1);
  private static final Duration NOTED_AGAIN = Duration.ofHours(1);

  private final MetadataStore database;
  private final LayerStore store;
  private final LayerContents contents;
  private final Clock clock;

  Layers(MetadataStore database, LayerStore store, LayerContents contents, Clock clock) {
    this.database = database;
    this.store = store;
    this.contents = contents;
    this.clock = clock;
  }

  /** A layer by its digest; that it was found counts as relying on it. */
  Optional<Layer> find(Repository repository, String digest) {
    Optional<Layer> found = database.read(tx -> store.find(tx, repository.id(), digest));
    found.filter(layer -> layer.used().plus(NOTED_AGAIN).isBefore(now())).ifPresent(layer -> database.write(tx -> {
      store.used(tx, repository.id(), digest, now());
      return layer;
    }));
    return found;
  }

  /** The content of a layer that was found. */
  ObjectReader open(Layer layer) {
    return contents.open(layer.content());
  }

  /** Begins to take a layer; its id. */
  String start(Repository repository) {
    String id = UUID.randomUUID().toString();
    database.write(tx -> {
      store.start(tx, repository.id(), id, now());
      return id;
    });
    return id;
  }

  /** How many bytes an upload has. @throws Fault UploadNotFoundException */
  long received(Repository repository, String upload) {
    return end(chunks(repository, upload));
  }

  /** The lengths of what was sent, in their order. @throws Fault UploadNotFoundException */
  List<Long> parts(Repository repository, String upload) {
    return chunks(repository, upload).stream().map(Chunk::size).toList();
  }

  private List<Chunk> chunks(Repository repository, String upload) {
    return database.read(tx -> {
      if (!store.isUpload(tx, repository.id(), upload)) {
        throw EcrFault.uploadNotFound(upload, repository);
      }
      return store.chunks(tx, upload);
    });
  }

  private static long end(List<Chunk> chunks) {
    return chunks.isEmpty() ? 0 : chunks.getLast().end();
  }

  /**
   * Adds to an upload; on disk when this returns.
   *
   * @param first where the sender believes that the piece begins; empty for the end of what is there
   * @param length how long the sender says that it is
   * @return how many bytes the upload has now
   * @throws Fault UploadNotFoundException; InvalidLayerPartException with what is there
   */
  long append(Repository repository, String upload, OptionalLong first, OptionalLong length, InputStream body) {
    long end = received(repository, upload);
    if (first.isPresent() && first.getAsLong() != end) {
      throw outOfOrder(repository, upload, end, first.getAsLong());
    }
    LayerContents.Stored stored = contents.put(repository, body);
    boolean kept = false;
    try {
      if (length.isPresent() && length.getAsLong() != stored.size()) {
        throw partialBody(repository, upload, end);
      }
      if (stored.size() > 0) {
        kept = database.write(tx -> {
          if (!store.isUpload(tx, repository.id(), upload)) {
            throw EcrFault.uploadNotFound(upload, repository);
          }
          long now = end(store.chunks(tx, upload));
          if (now != end) {
            throw outOfOrder(repository, upload, now, end);
          }
          store.append(tx, upload, new Chunk(end, stored.size(), stored.sha256(), stored.content()));
          return true;
        });
      }
    } finally {
      if (!kept) {
        contents.delete(List.of(stored.content()));
      }
    }
    return end + stored.size();
  }

  private static Fault outOfOrder(Repository repository, String upload, long end, long first) {
    return part(repository, upload, end, "Layer part received with first byte " + first + " of upload '" + upload
        + "' is not consecutive to the last byte received " + (end - 1));
  }

  private static Fault partialBody(Repository repository, String upload, long end) {
    return part(repository, upload, end, "Layer part is not as long as the request says");
  }

  private static Fault part(Repository repository, String upload, long end, String message) {
    return new Fault("InvalidLayerPartException", 400, message, Map.of("registryId",
        repository.account().value(), "repositoryName", repository.name(), "uploadId", upload,
        "lastValidByteReceived", Math.max(0, end - 1)));
  }

  /**
   * Makes what was sent a layer of the repository. A layer that is there already stays, and the upload ends.
   *
   * @return whether the repository had no such layer
   * @throws Fault UploadNotFoundException; InvalidLayerException: it has another digest
   */
  boolean complete(Repository repository, String upload, String digest) {
    if (!SHA256.matcher(digest).matches()) {
      throw EcrFault.digestMismatch("The digest '" + digest + "' is not supported: layers are named by sha256");
    }
    String hex = digest.substring("sha256:".length());
    List<Chunk> chunks = chunks(repository, upload);
    LayerContents.Stored whole = whole(repository, chunks, hex).orElseThrow(() ->
        EcrFault.digestMismatch("Layer digests '[" + digest + "]' do not match the content of upload '" + upload
            + "' in the repository with name '" + repository.name() + "' in the registry with id '"
            + repository.account() + "'"));
    boolean fresh = false;
    try {
      fresh = database.write(tx -> {
        if (!store.isUpload(tx, repository.id(), upload)) {
          throw EcrFault.uploadNotFound(upload, repository);
        }
        store.deleteUpload(tx, upload);
        boolean added = store.insert(tx, repository.id(), new Layer(digest, whole.size(), whole.content(), now()));
        if (!added) {
          store.used(tx, repository.id(), digest, now());
        }
        return added;
      });
    } finally {
      List<String> useless = new ArrayList<>(chunks.stream().map(Chunk::content).toList());
      useless.add(whole.content());
      contents.delete(unnamed(useless));
    }
    return fresh;
  }

  private Optional<LayerContents.Stored> whole(Repository repository, List<Chunk> chunks, String hex) {
    if (chunks.size() == 1) {
      Chunk only = chunks.getFirst();
      return only.sha256().equals(hex)
          ? Optional.of(new LayerContents.Stored(only.content(), only.size(), hex)) : Optional.empty();
    }
    return chunks.isEmpty()
        ? Optional.of(contents.put(repository, new ByteArrayInputStream(new byte[0])))
            .filter(empty -> matches(empty, hex))
        : contents.join(repository, chunks, hex);
  }

  private boolean matches(LayerContents.Stored stored, String hex) {
    if (!stored.sha256().equals(hex)) {
      contents.delete(List.of(stored.content()));
      return false;
    }
    return true;
  }

  private List<String> unnamed(List<String> names) {
    return database.read(tx -> names.stream().distinct().filter(name -> !store.names(tx, name)).toList());
  }

  /** Ends an upload that is not wanted. @throws Fault UploadNotFoundException */
  void cancel(Repository repository, String upload) {
    List<Chunk> chunks = chunks(repository, upload);
    database.write(tx -> {
      store.deleteUpload(tx, upload);
      return upload;
    });
    contents.delete(chunks.stream().map(Chunk::content).toList());
  }

  /** Makes a layer of another repository one of this; whether the other has it. */
  boolean mount(Repository from, Repository to, String digest) {
    Optional<Layer> source = find(from, digest);
    if (source.isEmpty() || find(to, digest).isPresent()) {
      return source.isPresent();
    }
    // each repository's layers are encrypted with its own key
    LayerContents.Stored copy = contents.put(to, open(source.get()).stream());
    boolean kept = false;
    try {
      kept = database.write(tx -> store.insert(tx, to.id(), new Layer(digest, copy.size(), copy.content(), now())));
    } finally {
      if (!kept) {
        contents.delete(List.of(copy.content()));
      }
    }
    return true;
  }

  /** The contents of a repository that is about to go, for {@link #discard}. */
  List<String> contents(Repository repository) {
    return database.read(tx -> store.contents(tx, repository.id()));
  }

  /** Deletes contents whose rows are gone. */
  void discard(List<String> names) {
    contents.delete(unnamed(names));
  }

  /** Removes what nobody needs: layers without images, uploads that were given up, contents without rows. */
  void tidy() {
    Instant before = clock.instant().minus(KEPT);
    contents.delete(database.write(tx -> store.deleteUnused(tx, before)));
    contents.delete(database.write(tx -> store.deleteUploads(tx, before)));
    contents.sweep(before, name -> database.read(tx -> store.names(tx, name)));
  }

  private Instant now() {
    return Instant.ofEpochMilli(clock.millis());
  }
}
