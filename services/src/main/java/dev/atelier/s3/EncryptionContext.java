package dev.atelier.s3;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.atelier.objects.S3Fault;
import java.io.IOException;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;

/** What an object's key of KMS is tied to: whatever the client names, and always the object's ARN. */
final class EncryptionContext {
  private static final String HEADER = "x-amz-server-side-encryption-context";
  private static final String ARN = "aws:s3:arn";
  private static final ObjectMapper JSON = new ObjectMapper()
      .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
      .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY);

  private EncryptionContext() {}

  /**
   * Reads the header.
   *
   * @param arn of the object that is to be encrypted
   * @return what the client names beside it
   * @throws dev.atelier.kernel.Fault InvalidArgument
   */
  static Map<String, String> of(String header, String arn) {
    Map<String, String> named;
    try {
      JsonNode node = JSON.readTree(Base64.getDecoder().decode(header));
      boolean strings = node != null && node.isObject()
          && node.properties().stream().allMatch(each -> each.getValue().isTextual());
      if (!strings) {
        throw malformed(header);
      }
      named = JSON.convertValue(node, new TypeReference<TreeMap<String, String>>() {});
    } catch (IOException | IllegalArgumentException e) {
      throw malformed(header);
    }
    if (!named.getOrDefault(ARN, arn).equals(arn)) {
      throw S3Fault.invalidArgument(HEADER, header, "The context value for 'aws:s3:arn' shall be equal to object's ARN");
    }
    named.remove(ARN);
    return named;
  }

  static Map<String, String> with(Map<String, String> named, String arn) {
    Map<String, String> all = new TreeMap<>(named);
    all.put(ARN, arn);
    return all;
  }

  /** The header's value. */
  static String encoded(Map<String, String> context) {
    try {
      return Base64.getEncoder().encodeToString(JSON.writeValueAsBytes(new TreeMap<>(context)));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static RuntimeException malformed(String header) {
    return S3Fault.invalidArgument(HEADER, header, "The header 'x-amz-server-side-encryption-context' shall be "
        + "Base64-encoded UTF-8 string holding JSON which represents a string-string map");
  }
}
