package dev.atelier.objects;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.StandardOpenOption;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes one file of an upload's parts, with S3's ETag and checksum of it. */
final class PartJoiner {
  private static final Logger LOG = LoggerFactory.getLogger(PartJoiner.class);

  private final ObjectFiles files;

  PartJoiner(ObjectFiles files) {
    this.files = files;
  }

  /** The joined content, on disk; its row is not committed yet. */
  record Joined(String file, long size, String etag, Optional<Checksum> checksum) {}

  /** @throws dev.atelier.kernel.Fault InvalidPart for a part that is damaged on disk, BadDigest */
  Joined join(Upload upload, List<UploadPart> parts, Optional<Checksum> expected) {
    Checksum kind = upload.checksum()
        .orElse(new Checksum(ChecksumAlgorithm.DEFAULT, "", Checksum.Type.FULL_OBJECT));
    boolean known = parts.stream().allMatch(part -> part.algorithm().equals(Optional.of(kind.algorithm())));
    Optional<Digest> whole = known ? Optional.empty() : Optional.of(kind.algorithm().digest());
    try (ObjectFiles.Draft draft = files.draft()) {
      long size = 0;
      for (UploadPart part : parts) {
        try (FileChannel source = FileChannel.open(files.path(part.file()), StandardOpenOption.READ)) {
          if (upload.attributes().sealed()) {
            append(source, draft.channel(), ContentKey.sealedSize(part.size()));
          } else {
            appendSound(upload, part, source, draft.channel(), whole);
          }
        }
        size += part.size();
      }
      Checksum checksum = new Checksum(kind.algorithm(), whole.map(Digest::base64).orElseGet(() ->
          kind.type() == Checksum.Type.COMPOSITE ? composite(kind.algorithm(), parts)
              : CrcSum.of(kind.algorithm(), parts.stream()
                  .map(part -> new CrcSum.Piece(part.checksum().orElseThrow(), part.size())).toList())), kind.type());
      expected.ifPresent(given -> check(given, checksum));
      draft.keep();
      return new Joined(draft.id(), size, etag(parts), Optional.of(checksum));
    } catch (NoSuchFileException e) {
      throw S3Fault.noSuchUpload(upload.id());
    } catch (IOException e) {
      throw BodyWriter.storageFault(e);
    }
  }

  /** What the parts' own checksums make, where they need not be read for it; checked before they are joined. */
  static void checkComposed(Upload upload, List<UploadPart> parts, Optional<Checksum> expected) {
    upload.checksum().filter(kind -> kind.type() == Checksum.Type.COMPOSITE).ifPresent(kind ->
        expected.ifPresent(given ->
            check(given, new Checksum(kind.algorithm(), composite(kind.algorithm(), parts), kind.type()))));
  }

  /** Clients may leave the number of parts out of a composed checksum. */
  private static void check(Checksum given, Checksum made) {
    boolean same = given.value().equals(made.value()) || made.type() == Checksum.Type.COMPOSITE
        && given.value().equals(made.value().substring(0, made.value().lastIndexOf('-')));
    if (given.algorithm() == made.algorithm() && !same) {
      throw S3Fault.badDigest(made.algorithm().name());
    }
  }

  /** Encrypted parts are taken as they are: what was changed in them does not open. */
  private static void append(FileChannel source, FileChannel target, long size) throws IOException {
    for (long at = 0; at < size; ) {
      long count = source.transferTo(at, size - at, target);
      if (count <= 0) {
        throw new IOException("the file of a part is shorter than its row says");
      }
      at += count;
    }
  }

  /** Holds a part against its checksum as it is read. @throws Fault InvalidPart */
  private static void appendSound(Upload upload, UploadPart part, FileChannel source, FileChannel target,
      Optional<Digest> whole) throws IOException {
    Digest own = part.algorithm().map(ChecksumAlgorithm::digest).orElseGet(() -> Digest.of("MD5"));
    long size;
    try {
      size = BodyCopy.copy(Channels.newInputStream(source), Long.MAX_VALUE, target, target,
          whole.map(digest -> List.of(own, digest)).orElse(List.of(own)));
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    boolean sound = size == part.size()
        && (part.checksum().isPresent() ? own.base64().equals(part.checksum().get())
            : Digest.hex(own.value()).equals(part.etag()));
    if (!sound) {
      LOG.error("damaged content: part {} of the upload {} of {}/{}: its file {} is not what was stored", part.number(),
          upload.id(), upload.bucket(), upload.key(), part.file());
      throw S3Fault.invalidPart(upload.id(), part.number(), part.etag());
    }
  }

  private static String etag(List<UploadPart> parts) {
    Digest digest = Digest.of("MD5");
    for (UploadPart part : parts) {
      byte[] md5 = HexFormat.of().parseHex(part.etag());
      digest.update(md5, 0, md5.length);
    }
    return Digest.hex(digest.value()) + "-" + parts.size();
  }

  private static String composite(ChecksumAlgorithm algorithm, List<UploadPart> parts) {
    Digest digest = algorithm.digest();
    for (UploadPart part : parts) {
      byte[] value = Base64.getDecoder().decode(part.checksum().orElseThrow());
      digest.update(value, 0, value.length);
    }
    return digest.base64() + "-" + parts.size();
  }
}
