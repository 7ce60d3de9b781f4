package dev.atelier.wire;

import dev.atelier.kernel.Fault;
import dev.atelier.models.ErrorModel;
import dev.atelier.models.OperationModel;
import dev.atelier.models.ServiceMetadata;
import dev.atelier.models.ServiceModel;
import dev.atelier.models.StructureShape;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Smithy's RPC v2 with CBOR: the operation is in the path, input and output are whole bodies. */
public final class CborRpc implements Protocol {
  /** The header that marks requests and answers of this protocol, with its only value. */
  public static final String HEADER = "Smithy-Protocol";
  private static final String NAME = "rpc-v2-cbor";
  private static final Pattern PATH =
      Pattern.compile("/service/([A-Za-z0-9_.]{1,128})/operation/([A-Za-z0-9_]{1,128})");

  private final ServiceMetadata metadata;

  public CborRpc(ServiceModel model) {
    this.metadata = model.metadata();
  }

  /** What a request's path names. */
  public record Target(String service, String operation) {}

  /** The target of a request of this protocol; empty for any other request. */
  public static Optional<Target> target(WireRequest request) {
    Matcher matcher = PATH.matcher(request.rawPath());
    return request.headers().first(HEADER).filter(NAME::equals).isPresent() && matcher.matches()
        ? Optional.of(new Target(matcher.group(1), matcher.group(2))) : Optional.empty();
  }

  /** The operation's name; empty when the path is another service's. */
  public Optional<String> operationName(WireRequest request) {
    return target(request).filter(target -> target.service().equals(metadata.targetPrefix())).map(Target::operation);
  }

  @Override
  public Map<String, Object> decode(OperationModel operation, WireRequest request, Map<String, String> labels) {
    byte[] body = RequestBody.bytes(operation, request);
    return operation.input().map(shape -> JsonReader.readCbor(shape, body)).orElseGet(LinkedHashMap::new);
  }

  @Override
  public WireResponse encode(OperationModel operation, Map<String, Object> output, String requestId) {
    Optional<byte[]> body = operation.output().map(shape -> JsonWriter.writeCbor(shape, output));
    Headers headers = Headers.of("x-amzn-RequestId", requestId, HEADER, NAME);
    body.ifPresent(present -> headers.set("Content-Type", "application/cbor"));
    return new WireResponse(200, headers, new WireResponse.Bytes(body.orElse(new byte[0])));
  }

  @Override
  public WireResponse error(Fault fault, String requestId, Optional<OperationModel> operation) {
    Optional<ErrorModel> known = ErrorShape.of(fault, operation);
    Optional<StructureShape> shape = known.map(ErrorModel::shape);
    Map<String, String> fixed = new LinkedHashMap<>();
    fixed.put("__type", shape.map(StructureShape::name).orElse(fault.code()));
    fixed.put(ErrorShape.messageMember(shape), ErrorShape.message(fault));
    Headers headers = Headers.of("x-amzn-RequestId", requestId, HEADER, NAME, "Content-Type", "application/cbor");
    if (metadata.queryCompatible()) {
      headers.set(ErrorShape.QUERY_HEADER, ErrorShape.queryError(fault, known));
    }
    return new WireResponse(fault.status(), headers,
        new WireResponse.Bytes(JsonWriter.writeCborError(fixed, shape, fault.members())));
  }
}
