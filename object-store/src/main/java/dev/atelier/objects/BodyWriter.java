package dev.atelier.objects;

import dev.atelier.kernel.Fault;
import dev.atelier.kernel.StorageFull;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.util.Base64;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes bodies to files, digesting on the way, and tells a client's fault from the disk's. */
final class BodyWriter {
  private static final Logger LOG = LoggerFactory.getLogger(BodyWriter.class);

  private final ObjectFiles files;

  BodyWriter(ObjectFiles files) {
    this.files = files;
  }

  /** A body on disk whose row is not committed yet. */
  record Written(String file, long size, byte[] md5, Optional<Checksum> checksum) {
    String etag() {
      return Digest.hex(md5);
    }
  }

  /** The key that content is encrypted with, and the number of the part that it is; 0 for a whole object. */
  record Sealing(ContentKey key, int part) {}

  /**
   * Writes the whole body. Digests are of the content, whatever is written.
   *
   * @throws Fault BadDigest, IncompleteBody, EntityTooLarge, InsufficientStorage; nothing is kept
   */
  Written write(InputStream body, BodyChecks checks, Optional<Sealing> sealing) {
    checks.size().ifPresent(size -> requireSize(size, size, checks.most()));
    Digest md5 = Digest.of("MD5");
    Optional<Digest> checksum = checks.algorithm().map(ChecksumAlgorithm::digest);
    try (ObjectFiles.Draft draft = files.draft()) {
      BodyCopy.Digests digests = (bytes, offset, length) -> {
        md5.update(bytes, offset, length);
        checksum.ifPresent(digest -> digest.update(bytes, offset, length));
      };
      long size = sealing.isPresent() ? sealed(body, checks.most(), draft.channel(), sealing.get(), digests)
          : BodyCopy.copy(body, checks.most(), draft.channel(), draft.channel(), digests);
      checks.size().ifPresent(announced -> requireSize(size, announced, checks.most()));
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
      draft.keep();
      return new Written(draft.id(), size, digest, kept);
    } catch (IOException e) {
      throw storageFault(e);
    }
  }

  private static long sealed(InputStream body, long most, FileChannel file, Sealing sealing, BodyCopy.Digests digests)
      throws IOException {
    try (WritableByteChannel target = sealing.key().sealing(sealing.part(), file)) {
      return BodyCopy.copy(body, most, file, target, digests);
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
