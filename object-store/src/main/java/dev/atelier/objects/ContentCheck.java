package dev.atelier.objects;

import dev.atelier.kernel.Fault;
import dev.atelier.metadata.MetadataStore;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;

/** Re-reads one content and holds it against its row: the ETag is made of MD5s of the content. */
final class ContentCheck {
  private static final int BUFFER = 256 << 10;

  private final MetadataStore database;
  private final ObjectFiles files;
  private final ContentKeys keys;
  private final LongConsumer pace;

  /** @param pace told of bytes that were read, and waits as it likes */
  ContentCheck(MetadataStore database, ObjectFiles files, ContentKeys keys, LongConsumer pace) {
    this.database = database;
    this.files = files;
    this.keys = keys;
    this.pace = pace;
  }

  /** What was found. */
  sealed interface Verdict {
    record Sound() implements Verdict {}

    /** As long as it should be; its key is not the server's, so that is all there is to see. */
    record SizeOnly() implements Verdict {}

    record Damaged(String reason) implements Verdict {}
  }

  Verdict check(Bucket bucket, ScrubIndex.Row row) {
    StoredObject object = row.object();
    try (Content content = Content.open(object.file(),
        database.read(handle -> SmallContent.find(handle, object.file())), files)) {
      long wanted = sizeOnDisk(object);
      if (content.size() != wanted) {
        return new Verdict.Damaged("is " + content.size() + " bytes long, not " + wanted);
      }
      Optional<ContentKey> key = Optional.empty();
      if (object.attributes().sealed()) {
        key = key(bucket, object);
        if (key.isEmpty()) {
          return new Verdict.SizeOnly();
        }
      }
      try (ObjectReader reader = new ObjectReader(object, content, key)) {
        String etag = etag(reader.stream(), row);
        return etag.equals(object.etag()) ? new Verdict.Sound()
            : new Verdict.Damaged("has the ETag " + etag + ", not " + object.etag());
      }
    } catch (NoSuchFileException e) {
      return new Verdict.Damaged("is not there");
    } catch (IOException e) {
      return new Verdict.Damaged("cannot be read: " + e.getMessage());
    }
  }

  /** Empty for a customer's key, and for one of KMS that does not open at present. */
  private Optional<ContentKey> key(Bucket bucket, StoredObject object) {
    Encryption encryption = object.attributes().encryption().orElseThrow();
    if (encryption.customerKeyMd5().isPresent()) {
      return Optional.empty();
    }
    try {
      return Optional.of(keys.open(bucket, object.key(), encryption));
    } catch (Fault unavailable) {
      return Optional.empty();
    }
  }

  private static long sizeOnDisk(StoredObject object) {
    if (!object.attributes().sealed()) {
      return object.size();
    }
    return object.parts().isEmpty() ? ContentKey.sealedSize(object.size())
        : object.parts().stream().mapToLong(part -> ContentKey.sealedSize(part.size())).sum();
  }

  private String etag(InputStream content, ScrubIndex.Row row) throws IOException {
    List<StoredObject.Part> parts = row.object().parts();
    if (parts.isEmpty() || row.part()) {
      return HexFormat.of().formatHex(md5(content, row.object().size()));
    }
    Digest whole = Digest.of("MD5");
    for (StoredObject.Part part : parts) {
      byte[] md5 = md5(content, part.size());
      whole.update(md5, 0, md5.length);
    }
    return Digest.hex(whole.value()) + "-" + parts.size();
  }

  private byte[] md5(InputStream content, long size) throws IOException {
    Digest digest = Digest.of("MD5");
    byte[] buffer = new byte[BUFFER];
    for (long left = size; left > 0; ) {
      int count = content.read(buffer, 0, (int) Math.min(buffer.length, left));
      if (count < 0) {
        throw new IOException("it ends " + left + " bytes early");
      }
      digest.update(buffer, 0, count);
      left -= count;
      pace.accept(count);
    }
    return digest.value();
  }
}
