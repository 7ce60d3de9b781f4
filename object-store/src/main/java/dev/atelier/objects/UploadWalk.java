package dev.atelier.objects;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** Walks the unfinished uploads of a bucket for one page. */
final class UploadWalk {
  private static final int BATCH = 256;
  /** Above every upload id. */
  private static final String PAST_IDS = "~";

  private final Handle handle;
  private final String bucket;
  private final byte[] prefix;
  private final byte[] delimiter;
  private final Optional<byte[]> end;
  private final List<Upload> uploads = new ArrayList<>();
  private final List<String> commonPrefixes = new ArrayList<>();
  private String nextKey = "";
  private String nextId = "";

  UploadWalk(Handle handle, String bucket, String prefix, String delimiter) {
    this.handle = handle;
    this.bucket = bucket;
    this.prefix = ObjectKey.bytes(prefix);
    this.delimiter = ObjectKey.bytes(delimiter);
    this.end = ObjectKey.after(this.prefix);
  }

  UploadListing page(String keyMarker, String idMarker, int most) {
    byte[] marker = ObjectKey.bytes(keyMarker);
    byte[] from = Arrays.compareUnsigned(marker, prefix) < 0 ? prefix : marker;
    String afterId = from == prefix ? "" : idMarker.isEmpty() ? PAST_IDS : idMarker;
    while (true) {
      List<Upload> rows = UploadIndex.from(handle, bucket, from, end, afterId, BATCH);
      for (Upload upload : rows) {
        byte[] key = ObjectKey.bytes(upload.key());
        Optional<String> common = commonPrefix(key);
        boolean given = common.isPresent()
            && (common.get().equals(nextKey) && nextId.isEmpty() || common.get().equals(keyMarker));
        if (!given) {
          if (uploads.size() + commonPrefixes.size() == most) {
            return new UploadListing(uploads, commonPrefixes, true, nextKey, nextId);
          }
          add(upload, common);
        }
        from = key;
        afterId = upload.id();
      }
      if (rows.size() < BATCH) {
        return new UploadListing(uploads, commonPrefixes, false, nextKey, nextId);
      }
    }
  }

  private void add(Upload upload, Optional<String> common) {
    if (common.isPresent()) {
      commonPrefixes.add(common.get());
      nextKey = common.get();
      nextId = "";
    } else {
      uploads.add(upload);
      nextKey = upload.key();
      nextId = upload.id();
    }
  }

  private Optional<String> commonPrefix(byte[] key) {
    return ObjectKey.commonPrefix(key, prefix.length, delimiter).map(ObjectKey::text);
  }
}
