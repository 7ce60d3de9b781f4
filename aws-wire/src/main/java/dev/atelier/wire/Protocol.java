package dev.atelier.wire;

import dev.atelier.kernel.Fault;
import dev.atelier.models.OperationModel;
import dev.atelier.models.ServiceModel;
import java.util.Map;
import java.util.Optional;

/** One of AWS's wire protocols. Implementations hold no state and serve many threads. */
public sealed interface Protocol permits AwsJson, CborRpc, QueryProtocol, RestProtocol {

  /**
   * The input document of a request. Constraints are not checked here, only that values have the model's types.
   *
   * @param labels values of the path's labels, already percent-decoded; empty for protocols without them
   * @throws Fault when the request cannot be read as the operation's input
   */
  Map<String, Object> decode(OperationModel operation, WireRequest request, Map<String, String> labels);

  /** The protocol that a service's clients speak: {@code protocol} as the model names it. */
  static Protocol of(ServiceModel model, String protocol) {
    return switch (protocol) {
      case "json" -> new AwsJson(model);
      case "smithy-rpc-v2-cbor" -> new CborRpc(model);
      case "query" -> new QueryProtocol(model);
      case "rest-json" -> new RestProtocol(model, RestProtocol.Format.JSON);
      case "rest-xml" -> new RestProtocol(model, RestProtocol.Format.XML);
      default -> throw new IllegalArgumentException("no protocol is called " + protocol);
    };
  }

  /** The answer of a successful call. */
  WireResponse encode(OperationModel operation, Map<String, Object> output, String requestId);

  /** The answer of a failed call; the operation is empty when the request did not name one. */
  WireResponse error(Fault fault, String requestId, Optional<OperationModel> operation);
}
