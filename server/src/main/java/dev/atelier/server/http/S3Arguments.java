package dev.atelier.server.http;

import dev.atelier.kernel.Fault;
import dev.atelier.models.ConstraintCheck;
import dev.atelier.models.Member;
import dev.atelier.models.StringShape;
import dev.atelier.models.StructureShape;
import java.util.Map;

/** Holds a request to S3 against its model, in S3's words: documents are malformed, headers are invalid arguments. */
final class S3Arguments {
  private static final Map<String, String> SAID = Map.of(
      "encoding-type", "Invalid Encoding Method specified in Request",
      "x-amz-metadata-directive", "Unknown metadata directive.",
      "x-amz-tagging-directive", "Unknown tagging directive.",
      "x-amz-server-side-encryption", "The encryption method specified is not supported");

  private S3Arguments() {}

  /** @throws Fault MissingRequestBodyError, MalformedXML, InvalidRequest, InvalidArgument */
  static void check(StructureShape shape, Map<String, Object> input) {
    shape.payload().map(shape.members()::get).filter(member -> member.shape() instanceof StructureShape)
        .ifPresent(member -> document(member, input.get(member.name())));
    for (Member member : shape.members().values()) {
      boolean outside = member.location() == Member.Location.HEADER || member.location() == Member.Location.QUERY_STRING;
      if (outside && member.shape() instanceof StringShape words && !words.values().isEmpty()
          && input.get(member.name()) instanceof String value && !words.values().contains(value)) {
        throw unknown(member.locationName(), value, words);
      }
    }
  }

  @SuppressWarnings("unchecked")
  private static void document(Member member, Object value) {
    if (value == null && member.required()) {
      throw new Fault("MissingRequestBodyError", 400, "Request Body is empty");
    }
    if (value instanceof Map<?, ?> && !ConstraintCheck.violations(
        (StructureShape) member.shape(), (Map<String, Object>) value).isEmpty()) {
      throw new Fault("MalformedXML", 400,
          "The XML you provided was not well-formed or did not validate against our published schema");
    }
  }

  private static Fault unknown(String name, String value, StringShape words) {
    return switch (name) {
      case "x-amz-checksum-algorithm" -> new Fault("InvalidRequest", 400, "Checksum algorithm provided is unsupported. "
          + "Please try again with any of the valid types: [CRC32, CRC32C, CRC64NVME, SHA1, SHA256]");
      case "x-amz-sdk-checksum-algorithm" -> new Fault("InvalidRequest", 400,
          "Value for x-amz-sdk-checksum-algorithm header is invalid.");
      default -> new Fault("InvalidArgument", 400, SAID.getOrDefault(name, "Invalid argument."),
          Map.of("ArgumentName", name, "ArgumentValue", value));
    };
  }
}
