package dev.atelier.s3;

import java.util.Arrays;
import java.util.Optional;

/** Who owns the objects that others write into a bucket, and whether access lists count. */
enum ObjectOwnership {
  /** The bucket's owner owns everything; there are no access lists. New buckets are so. */
  ENFORCED("BucketOwnerEnforced"),
  /** The bucket's owner, if the writer gives full control with bucket-owner-full-control. */
  PREFERRED("BucketOwnerPreferred"),
  WRITER("ObjectWriter");

  /** The kind of the bucket's document that holds it. */
  static final String KIND = "ownership";

  private final String word;

  ObjectOwnership(String word) {
    this.word = word;
  }

  /** As AWS spells it. */
  String word() {
    return word;
  }

  static Optional<ObjectOwnership> of(String word) {
    return Arrays.stream(values()).filter(each -> each.word.equals(word)).findFirst();
  }
}
