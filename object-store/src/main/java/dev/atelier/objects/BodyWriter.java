package dev.atelier.objects;

import dev.atelier.kernel.Fault;
import dev.atelier.kernel.StorageFull;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes bodies into files or memory, digesting on the way, and tells a client's fault from the disk's. */
final class BodyWriter {
  private static final Logger LOG = LoggerFactory.getLogger(BodyWriter.class);

  private final ObjectFiles files;

  BodyWriter(ObjectFiles files) {
    this.files = files;
  }

  /** Where a body is until its row is committed. */
  sealed interface Body {
    /** On disk, under an id. */
    record InFile(String id) implements Body {}

    /** In memory: it is stored by the commit. */
    record InMemory(byte[] bytes) implements Body {}

    /** The file, for one that was not allowed to stay in memory. */
    default String inFile() {
      return file().orElseThrow();
    }

    default Optional<String> file() {
      return this instanceof InFile(String id) ? Optional.of(id) : Optional.empty();
    }
  }

  /** A body whose row is not committed yet. */
  record Written(Body body, long size, byte[] md5, Optional<Checksum> checksum) {
    String etag() {
      return Digest.hex(md5);
    }
  }

  /** The key that content is encrypted with, and the number of the part that it is; 0 for a whole object. */
  record Sealing(ContentKey key, int part) {}

  /**
   * Takes the whole body. Digests are of the content, whatever is written.
   *
   * @param inMemory the longest content that stays in memory, if its length is announced; empty puts all into files
   * @throws Fault BadDigest, IncompleteBody, EntityTooLarge, InsufficientStorage; nothing is kept
   */
  Written write(InputStream body, BodyChecks checks, Optional<Sealing> sealing, OptionalInt inMemory) {
    checks.size().ifPresent(size -> requireSize(size, size, checks.most()));
    Digests digests = new Digests(Digest.of("MD5"), checks.algorithm().map(ChecksumAlgorithm::digest));
    try {
      if (inMemory.isPresent() && checks.size().orElse(Long.MAX_VALUE) <= inMemory.getAsInt()) {
        return inMemory(body, checks, sealing, digests);
      }
      try (ObjectFiles.Draft draft = files.draft()) {
        long size = sealing.isPresent() ? sealed(body, checks.most(), draft.channel(), sealing.get(), digests)
            : BodyCopy.copy(body, checks.most(), draft.channel(), draft.channel(), digests.all());
        checks.size().ifPresent(announced -> requireSize(size, announced, checks.most()));
        Written written = digests.checked(checks, size, new Body.InFile(draft.id()));
        draft.keep();
        return written;
      }
    } catch (IOException e) {
      throw storageFault(e);
    }
  }

  private static Written inMemory(InputStream body, BodyChecks checks, Optional<Sealing> sealing, Digests digests)
      throws IOException {
    int announced = (int) checks.size().orElseThrow();
    byte[] content = received(body, announced + 1);
    requireSize(content.length, announced, checks.most());
    digests.all().forEach(digest -> digest.update(content, 0, content.length));
    byte[] stored = content;
    if (sealing.isPresent()) {
      ByteArrayOutputStream cipher = new ByteArrayOutputStream();
      try (WritableByteChannel target = sealing.get().key().sealing(sealing.get().part(), Channels.newChannel(cipher))) {
        target.write(ByteBuffer.wrap(content));
      }
      stored = cipher.toByteArray();
    }
    return digests.checked(checks, content.length, new Body.InMemory(stored));
  }

  private static byte[] received(InputStream body, int most) {
    try {
      return body.readNBytes(most);
    } catch (IOException e) {
      throw new UncheckedIOException("the body broke off", e);
    }
  }

  private static long sealed(InputStream body, long most, FileChannel file, Sealing sealing, Digests digests)
      throws IOException {
    try (WritableByteChannel target = sealing.key().sealing(sealing.part(), file)) {
      return BodyCopy.copy(body, most, file, target, digests.all());
    }
  }

  /** What is computed of a body. */
  private record Digests(Digest md5, Optional<Digest> checksum) {
    List<Digest> all() {
      return checksum.map(kept -> List.of(md5, kept)).orElse(List.of(md5));
    }

    /** What came of a body that is what was announced. */
    Written checked(BodyChecks checks, long size, Body body) {
      byte[] digest = md5.value();
      checks.md5().ifPresent(expected -> {
        if (!Base64.getEncoder().encodeToString(digest).equals(expected)) {
          throw S3Fault.of("BadDigest", 400, "The Content-MD5 you specified did not match what we received.");
        }
      });
      Optional<Checksum> kept = checksum.map(Digest::base64).map(value ->
          new Checksum(checks.algorithm().orElseThrow(), value, Checksum.Type.FULL_OBJECT));
      kept.ifPresent(computed -> {
        boolean given = checks.checksum().filter(expected -> !expected.equals(computed.value())).isEmpty();
        if (!given || !checks.accepted().test(computed.value())) {
          throw S3Fault.badDigest(computed.algorithm().name());
        }
      });
      return new Written(body, size, digest, kept);
    }
  }

  private static void requireSize(long size, long announced, long most) {
    if (size > most) {
      throw S3Fault.entityTooLarge(size, most);
    }
    if (size != announced) {
      throw S3Fault.of("IncompleteBody", 400,
          "You did not provide the number of bytes specified by the Content-Length HTTP header");
    }
  }

  /** The answer to a disk that fails: 507 when it is full. */
  static RuntimeException storageFault(IOException failure) {
    if (StorageFull.caused(failure)) {
      LOG.warn("object store: {}", failure.getMessage());
      return S3Fault.insufficientStorage();
    }
    return new UncheckedIOException("object store", failure);
  }
}
