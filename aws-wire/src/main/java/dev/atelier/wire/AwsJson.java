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

/** AWS JSON 1.0 and 1.1: the operation is in X-Amz-Target, input and output are whole bodies. */
public final class AwsJson implements Protocol {
  private final ServiceMetadata metadata;

  public AwsJson(ServiceModel model) {
    this.metadata = model.metadata();
  }

  /** The operation's name in {@code Prefix.Operation}; empty when the prefix is not the service's. */
  public Optional<String> operationName(String target) {
    String prefix = metadata.targetPrefix() + ".";
    return target.startsWith(prefix) ? Optional.of(target.substring(prefix.length())) : Optional.empty();
  }

  @Override
  public Map<String, Object> decode(OperationModel operation, WireRequest request, Map<String, String> labels) {
    byte[] body = RequestBody.bytes(operation, request);
    return operation.input().map(shape -> JsonReader.read(shape, body)).orElseGet(LinkedHashMap::new);
  }

  @Override
  public WireResponse encode(OperationModel operation, Map<String, Object> output, String requestId) {
    byte[] body = operation.output().map(shape -> JsonWriter.write(shape, output)).orElse(new byte[0]);
    return new WireResponse(operation.responseCode(), headers(requestId), new WireResponse.Bytes(body));
  }

  @Override
  public WireResponse error(Fault fault, String requestId, Optional<OperationModel> operation) {
    Optional<ErrorModel> known = ErrorShape.of(fault, operation);
    Optional<StructureShape> shape = known.map(ErrorModel::shape);
    Map<String, String> fixed = new LinkedHashMap<>();
    fixed.put("__type", shape.map(StructureShape::name).orElse(fault.code()));
    fixed.put(ErrorShape.messageMember(shape), ErrorShape.message(fault));
    Headers headers = headers(requestId);
    if (metadata.queryCompatible()) {
      headers.set(ErrorShape.QUERY_HEADER, ErrorShape.queryError(fault, known));
    }
    return new WireResponse(fault.status(), headers,
        new WireResponse.Bytes(JsonWriter.writeError(fixed, shape, fault.members())));
  }

  private Headers headers(String requestId) {
    return Headers.of("x-amzn-RequestId", requestId, "Content-Type",
        "application/x-amz-json-" + metadata.jsonVersion());
  }
}
