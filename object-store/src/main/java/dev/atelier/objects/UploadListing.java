package dev.atelier.objects;

import java.util.List;

/**
 * One page of a bucket's unfinished uploads, by key and then by age.
 *
 * @param nextKey the key, or common prefix, that the page ends with; empty when it is empty
 * @param nextId the upload that the page ends with; empty after a common prefix
 */
public record UploadListing(List<Upload> uploads, List<String> commonPrefixes, boolean truncated, String nextKey,
    String nextId) {
  public UploadListing {
    uploads = List.copyOf(uploads);
    commonPrefixes = List.copyOf(commonPrefixes);
  }
}
