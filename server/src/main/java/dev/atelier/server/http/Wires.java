package dev.atelier.server.http;

import dev.atelier.kernel.Fault;
import dev.atelier.models.OperationModel;
import dev.atelier.models.ServiceModel;
import dev.atelier.wire.AwsJson;
import dev.atelier.wire.CborRpc;
import dev.atelier.wire.ErrorDialect;
import dev.atelier.wire.Protocol;
import dev.atelier.wire.QueryProtocol;
import dev.atelier.wire.RestProtocol;
import dev.atelier.wire.RestRouter;
import dev.atelier.wire.WireRequest;
import java.io.ByteArrayInputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The protocols of the services, and the operation that a request names in them. Made when first asked for. */
final class Wires {
  private static final String CBOR = "smithy-rpc-v2-cbor";

  private final Map<String, Wire> wires = new ConcurrentHashMap<>();
  private final Map<String, RestRouter> routers = new ConcurrentHashMap<>();

  /**
   * The operation of a request.
   *
   * @param labels values of the path's labels
   * @param request the request, its body readable from the beginning
   */
  record Match(OperationModel operation, Map<String, String> labels, WireRequest request) {}

  /** How the request's client speaks to the service: some services have two protocols, told apart by the target. */
  Wire of(String service, WireRequest request) {
    List<String> offered = ServiceModel.load(service).metadata().protocols();
    boolean targeted = request.headers().has("X-Amz-Target");
    String protocol = offered.contains(CBOR) && CborRpc.target(request).isPresent() ? CBOR
        : offered.contains("json") && (targeted || !offered.contains("query")) ? "json"
        : offered.stream().filter(each -> List.of("query", "rest-json", "rest-xml").contains(each)).findFirst()
            .orElseThrow(() -> new IllegalStateException(service + " has no protocol that is spoken here"));
    return wires.computeIfAbsent(service + " " + protocol, key -> wire(service, protocol));
  }

  private static Wire wire(String service, String protocol) {
    Protocol codec = Protocol.of(ServiceModel.load(service), protocol);
    return switch (protocol) {
      case "json" -> new Wire(codec, ErrorDialect.JSON,
          service.equals("logs") ? "InvalidParameterException" : "ValidationException");
      case CBOR -> new Wire(codec, ErrorDialect.JSON, "ValidationException");
      case "query" -> new Wire(codec, ErrorDialect.QUERY, "ValidationError");
      case "rest-json" -> new Wire(codec, ErrorDialect.REST_JSON, "ValidationError");
      default -> new Wire(codec, ErrorDialect.S3, "InvalidArgument");
    };
  }

  /** The operation, or empty when the request names none of the service's. A Query request's body is read for it. */
  Optional<Match> find(Wire wire, String service, WireRequest request, Optional<String> bucket) {
    ServiceModel model = ServiceModel.load(service);
    return switch (wire.protocol()) {
      case AwsJson json -> request.headers().first("X-Amz-Target").flatMap(json::operationName)
          .flatMap(model::operation).map(operation -> new Match(operation, Map.of(), request));
      case CborRpc cbor -> cbor.operationName(request)
          .flatMap(model::operation).map(operation -> new Match(operation, Map.of(), request));
      case QueryProtocol query -> {
        QueryProtocol.Form form = query.form(request);
        String action = form.action().filter(name -> !name.isEmpty())
            .orElseThrow(() -> new Fault("MissingAction", 400, "Missing Action"));
        String version = form.version().orElse("NO_VERSION_SPECIFIED");
        yield Optional.of(model.operation(action).filter(known -> version.equals(model.metadata().apiVersion()))
            .map(operation -> new Match(operation, Map.of(), request.unpacked(new ByteArrayInputStream(form.body()))))
            .orElseThrow(() -> new Fault("InvalidAction", 400,
                "Could not find operation " + action + " for version " + version)));
      }
      case RestProtocol rest -> rest(service, request, bucket);
    };
  }

  /** The operation at the request's method and path; nothing of the body is read. */
  Optional<Match> rest(String service, WireRequest request, Optional<String> bucket) {
    return routers.computeIfAbsent(service, key -> new RestRouter(ServiceModel.load(key)))
        .match(request, bucket).map(match -> new Match(match.operation(), match.labels(), request));
  }
}
