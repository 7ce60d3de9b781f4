package dev.atelier.s3;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;

/**
 * What a bucket refuses to the public.
 *
 * @param blockAcls requests that would set a public access list fail
 * @param ignoreAcls grants to everybody do not count
 * @param blockPolicy a policy that lets in everybody cannot be set
 * @param restrict a policy that lets in everybody counts within the owner's account alone
 */
record PublicAccessBlock(boolean blockAcls, boolean ignoreAcls, boolean blockPolicy, boolean restrict) {
  /** The kind of the bucket's document that holds it. */
  static final String KIND = "publicAccessBlock";
  static final PublicAccessBlock NOTHING = new PublicAccessBlock(false, false, false, false);
  /** That of new buckets. */
  static final PublicAccessBlock ALL = new PublicAccessBlock(true, true, true, true);

  private static final ObjectMapper JSON = new ObjectMapper();

  static PublicAccessBlock read(String json) {
    try {
      return JSON.readValue(json, PublicAccessBlock.class);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("unreadable public access block", e);
    }
  }

  String json() {
    try {
      return JSON.writeValueAsString(this);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
