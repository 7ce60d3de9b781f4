package dev.atelier.models;

import java.util.List;
import java.util.Optional;

/**
 * What a model says of its service.
 *
 * @param protocols wire protocols as the model names them: json, rest-json, rest-xml, query, smithy-rpc-v2-cbor
 * @param signingName the service in the signature's scope
 * @param jsonVersion 1.0 or 1.1; empty for services without AWS JSON
 * @param targetPrefix the part of X-Amz-Target before the dot; empty for services without AWS JSON
 * @param queryCompatible whether AWS JSON answers carry the error codes of the service's former Query protocol
 */
public record ServiceMetadata(String service, String apiVersion, String endpointPrefix, String serviceId,
    List<String> protocols, String signingName, String jsonVersion, String targetPrefix, Optional<String> xmlNamespace,
    boolean queryCompatible) {

  static ServiceMetadata of(String service, ModelLine line) {
    String endpoint = line.text("endpointPrefix", service);
    return new ServiceMetadata(service, line.text("apiVersion", ""), endpoint, line.text("serviceId", service),
        line.texts("protocols"), line.text("signingName", endpoint), line.text("jsonVersion", ""),
        line.text("targetPrefix", ""), line.text("xmlNamespace"), line.has("awsQueryCompatible"));
  }
}
