package dev.atelier.server.registry;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.atelier.kernel.Fault;
import dev.atelier.wire.Headers;
import dev.atelier.wire.WireResponse;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * An error in the protocol's words.
 *
 * @param status of HTTP
 * @param code one of the specification's
 */
record RegistryError(int status, String code) {
  private static final Map<String, RegistryError> BY_FAULT = Map.ofEntries(
      Map.entry("RepositoryNotFoundException", new RegistryError(404, "NAME_UNKNOWN")),
      Map.entry("ImageNotFoundException", new RegistryError(404, "MANIFEST_UNKNOWN")),
      Map.entry("UploadNotFoundException", new RegistryError(404, "BLOB_UPLOAD_UNKNOWN")),
      Map.entry("InvalidLayerPartException", new RegistryError(416, "BLOB_UPLOAD_INVALID")),
      Map.entry("InvalidLayerException", new RegistryError(400, "DIGEST_INVALID")),
      Map.entry("ImageDigestDoesNotMatchException", new RegistryError(400, "DIGEST_INVALID")),
      Map.entry("LayersNotFoundException", new RegistryError(400, "MANIFEST_BLOB_UNKNOWN")),
      Map.entry("ReferencedImagesNotFoundException", new RegistryError(400, "MANIFEST_BLOB_UNKNOWN")),
      Map.entry("ImageTagAlreadyExistsException", new RegistryError(400, "TAG_INVALID")),
      Map.entry("ImageReferencedByManifestList", new RegistryError(409, "DENIED")),
      Map.entry("InvalidParameterException", new RegistryError(400, "MANIFEST_INVALID")),
      Map.entry("AccessDeniedException", new RegistryError(403, "DENIED")),
      Map.entry("InsufficientStorage", new RegistryError(507, "UNKNOWN")));

  static final RegistryError UNAUTHORIZED = new RegistryError(401, "UNAUTHORIZED");
  static final RegistryError UNSUPPORTED = new RegistryError(405, "UNSUPPORTED");
  static final RegistryError NOWHERE = new RegistryError(404, "UNSUPPORTED");
  static final RegistryError NAME_INVALID = new RegistryError(400, "NAME_INVALID");
  static final RegistryError DIGEST_INVALID = new RegistryError(400, "DIGEST_INVALID");
  static final RegistryError BLOB_UNKNOWN = new RegistryError(404, "BLOB_UNKNOWN");
  static final RegistryError MANIFEST_UNKNOWN = new RegistryError(404, "MANIFEST_UNKNOWN");
  static final RegistryError TOO_LARGE = new RegistryError(413, "MANIFEST_INVALID");
  static final RegistryError RANGE = new RegistryError(416, "BLOB_UPLOAD_INVALID");

  /** The answer to one of ECR's faults. */
  static WireResponse of(Fault fault) {
    return BY_FAULT.getOrDefault(fault.code(), new RegistryError(fault.status(), "UNKNOWN")).answer(fault.getMessage());
  }

  WireResponse answer(String message) {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    root.putArray("errors").addObject().put("code", code).put("message", message);
    return new WireResponse(status, Headers.of("Content-Type", "application/json"),
        new WireResponse.Bytes(root.toString().getBytes(StandardCharsets.UTF_8)));
  }
}
