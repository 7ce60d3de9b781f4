package dev.atelier.ecr;

import dev.atelier.ecr.LayerStore.Chunk;
import dev.atelier.kernel.AccountId;
import dev.atelier.kernel.Fault;
import dev.atelier.kernel.Region;
import dev.atelier.objects.BodyChecks;
import dev.atelier.objects.ChecksumAlgorithm;
import dev.atelier.objects.Conditions;
import dev.atelier.objects.ContentKey;
import dev.atelier.objects.ContentKeys;
import dev.atelier.objects.Deletion;
import dev.atelier.objects.Encryption;
import dev.atelier.objects.ObjectAttributes;
import dev.atelier.objects.ObjectReader;
import dev.atelier.objects.ObjectStore;
import dev.atelier.objects.StoredObject;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.time.Instant;
import java.util.Base64;
import java.util.Enumeration;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.function.Predicate;

/**
 * What is in layers: immutable objects with opaque names, in a store of their own that S3 does not reach, encrypted with
 * their repository's key. What no row names is an unfinished write's or a deleted layer's, and is swept away.
 */
final class LayerContents {
  private static final String BUCKET = "layers";
  private static final String REPOSITORY = "repository";

  private final ObjectStore store;

  /** @param keys opens the keys of repositories */
  LayerContents(ObjectStore store, Repositories repositories, LayerKeys keys) {
    store.buckets().create(BUCKET, new AccountId("000000000000"), new Region("us-east-1"));
    this.store = store.with((bucket, key, encryption) -> key(repositories, keys, encryption));
  }

  /** Opens contents for who re-reads them. */
  static ContentKeys keys(Repositories repositories, LayerKeys keys) {
    return (bucket, key, encryption) -> key(repositories, keys, encryption);
  }

  private static ContentKey key(Repositories repositories, LayerKeys keys, Encryption encryption) {
    return keys.open(repositories.byId(encryption.context().get(REPOSITORY)).orElseThrow(() ->
        EcrFault.of("RepositoryNotFoundException", "The repository of the layer is gone")));
  }

  /** What was stored: its name, how long it is, and its SHA-256 in hexadecimal digits. */
  record Stored(String content, long size, String sha256) {}

  /** Stores a body of any length; on disk when this returns. */
  Stored put(Repository repository, InputStream body) {
    return put(repository, body, Optional.empty());
  }

  /**
   * Stores pieces as one.
   *
   * @return empty when they have not this SHA-256
   */
  Optional<Stored> join(Repository repository, List<Chunk> chunks, String sha256) {
    try {
      return Optional.of(put(repository, new SequenceInputStream(each(chunks.iterator())), Optional.of(sha256)));
    } catch (Fault fault) {
      if (fault.code().equals("BadDigest")) {
        return Optional.empty();
      }
      throw fault;
    }
  }

  private Stored put(Repository repository, InputStream body, Optional<String> sha256) {
    String name = repository.id() + "/" + UUID.randomUUID();
    ObjectAttributes attributes = ObjectAttributes.NONE.withEncryption(Optional.of(new Encryption(
        repository.encryption().type().equals(LayerKeys.AES256) ? "AES256" : "aws:kms",
        repository.encryption().kmsKey(), false, Optional.empty(),
        Optional.of(repository.encryption().dataKey()), Map.of(REPOSITORY, repository.id()))));
    Optional<String> expected = sha256.map(hex -> Base64.getEncoder().encodeToString(HexFormat.of().parseHex(hex)));
    BodyChecks checks = new BodyChecks(OptionalLong.empty(), Optional.empty(), Optional.of(ChecksumAlgorithm.SHA256),
        expected).atMost(BodyChecks.ONE_OBJECT);
    StoredObject stored = store.put(BUCKET, name, body, attributes, checks, Conditions.NONE);
    return new Stored(name, stored.size(), HexFormat.of().formatHex(
        Base64.getDecoder().decode(stored.checksum().orElseThrow().value())));
  }

  /** Opens the pieces one after the other. */
  private Enumeration<InputStream> each(Iterator<Chunk> chunks) {
    return new Enumeration<>() {
      @Override
      public boolean hasMoreElements() {
        return chunks.hasNext();
      }

      @Override
      public InputStream nextElement() {
        return open(chunks.next().content()).stream();
      }
    };
  }

  ObjectReader open(String content) {
    return store.open(BUCKET, content);
  }

  void delete(List<String> contents) {
    if (!contents.isEmpty()) {
      store.delete(BUCKET, contents.stream().map(Deletion::of).toList());
    }
  }

  /** Deletes what is older than a time and has no row. */
  void sweep(Instant before, Predicate<String> named) {
    store.each(BUCKET, "", object -> {
      if (object.lastModified().isBefore(before) && !named.test(object.key())) {
        delete(List.of(object.key()));
      }
    });
  }
}
