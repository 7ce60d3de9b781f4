package dev.atelier.objects;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.StandardOpenOption;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** Makes one file of an upload's parts, with S3's ETag and checksum of it. */
final class PartJoiner {
  private static final int BUFFER = 256 << 10;

  private final ObjectFiles files;

  PartJoiner(ObjectFiles files) {
    this.files = files;
  }

  /** The joined content, on disk; its row is not committed yet. */
  record Joined(String file, long size, String etag, Optional<Checksum> checksum) {}

  Joined join(Upload upload, List<UploadPart> parts, Optional<Checksum> expected) {
    Checksum kind = upload.checksum()
        .orElse(new Checksum(ChecksumAlgorithm.DEFAULT, "", Checksum.Type.FULL_OBJECT));
    boolean known = parts.stream().allMatch(part -> part.algorithm().equals(Optional.of(kind.algorithm())));
    Optional<Digest> whole = known ? Optional.empty() : Optional.of(kind.algorithm().digest());
    try (ObjectFiles.Draft draft = files.draft()) {
      long size = 0;
      for (UploadPart part : parts) {
        try (FileChannel source = FileChannel.open(files.path(part.file()), StandardOpenOption.READ)) {
          append(source, draft.channel(),
              upload.attributes().sealed() ? ContentKey.sealedSize(part.size()) : part.size(), whole);
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

  private static void append(FileChannel source, FileChannel target, long size, Optional<Digest> whole)
      throws IOException {
    if (whole.isEmpty()) {
      for (long at = 0; at < size; ) {
        long count = source.transferTo(at, size - at, target);
        requireProgress(count);
        at += count;
      }
      return;
    }
    byte[] bytes = new byte[BUFFER];
    for (long at = 0; at < size; ) {
      int count = source.read(ByteBuffer.wrap(bytes));
      requireProgress(count);
      whole.get().update(bytes, 0, count);
      ByteBuffer buffer = ByteBuffer.wrap(bytes, 0, count);
      while (buffer.hasRemaining()) {
        target.write(buffer);
      }
      at += count;
    }
  }

  private static void requireProgress(long count) throws IOException {
    if (count <= 0) {
      throw new IOException("the file of a part is shorter than its row says");
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
