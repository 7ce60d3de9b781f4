package dev.atelier.server.http;

import dev.atelier.kernel.Fault;
import dev.atelier.models.OperationModel;
import dev.atelier.wire.ErrorDialect;
import dev.atelier.wire.Protocol;
import dev.atelier.wire.WireRequest;
import dev.atelier.wire.WireResponse;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How one request is spoken: its protocol, and the words that its family of services uses for common errors.
 *
 * @param validationCode the code of a violated constraint
 */
record Wire(Protocol protocol, ErrorDialect dialect, String validationCode) {

  /** The answer to a failure, with the codes of the common errors as the family spells them. */
  WireResponse error(Fault fault, String requestId, Optional<OperationModel> operation) {
    return protocol.error(spelled(fault), requestId, operation);
  }

  private Fault spelled(Fault fault) {
    return switch (dialect) {
      case JSON -> fault;
      case REST_JSON -> switch (fault.code()) {
        case "AccessDeniedException" -> new Fault(fault.code(), 403, fault.getMessage());
        default -> fault;
      };
      case QUERY, S3 -> switch (fault.code()) {
        case "AccessDeniedException" -> new Fault("AccessDenied", 403, fault.getMessage()).withHeaders(fault.headers());
        case "ValidationException" -> new Fault(validationCode, 400, fault.getMessage(), fault.members());
        case "InternalFailure" -> new Fault(dialect == ErrorDialect.S3 ? "InternalError" : fault.code(), 500,
            fault.getMessage());
        default -> fault;
      };
    };
  }

  Fault unknownOperation() {
    return switch (dialect) {
      case JSON -> new Fault("UnknownOperationException", 400, "The requested operation is not recognized by the service.");
      case REST_JSON -> new Fault("UnknownOperationException", 404,
          "The requested operation is not recognized by the service.");
      case QUERY -> new Fault("InvalidAction", 400, "Could not find operation for this request");
      case S3 -> new Fault("MethodNotAllowed", 405, "The specified method is not allowed against this resource.");
    };
  }

  Fault wrongScope(String message) {
    return switch (dialect) {
      case JSON, REST_JSON -> new Fault("InvalidSignatureException", dialect == ErrorDialect.JSON ? 400 : 403, message);
      case QUERY -> new Fault("SignatureDoesNotMatch", 403, message);
      case S3 -> new Fault("AuthorizationHeaderMalformed", 400, message);
    };
  }

  /** Condition keys that the transport fills. */
  Map<String, List<String>> requestKeys(WireRequest request) {
    Map<String, List<String>> keys = TransportKeys.of(request);
    if (dialect == ErrorDialect.S3) {
      signing(request, keys);
    }
    return keys;
  }

  /** How a request to S3 is signed; an unsigned one has none of these keys. */
  private static void signing(WireRequest request, Map<String, List<String>> keys) {
    request.headers().first("X-Amz-Content-Sha256").ifPresent(hash ->
        keys.put("s3:x-amz-content-sha256", List.of(hash)));
    String query = "&" + request.rawQuery();
    if (request.headers().has("Authorization")) {
      keys.put("s3:authtype", List.of("REST-HEADER"));
      keys.put("s3:signatureversion", List.of("AWS4-HMAC-SHA256"));
    } else if (query.contains("&X-Amz-Signature=")) {
      keys.put("s3:authtype", List.of("REST-QUERY-STRING"));
      keys.put("s3:signatureversion", List.of("AWS4-HMAC-SHA256"));
    } else if (query.contains("&Signature=")) {
      keys.put("s3:authtype", List.of("REST-QUERY-STRING"));
      keys.put("s3:signatureversion", List.of("AWS"));
    }
  }
}
