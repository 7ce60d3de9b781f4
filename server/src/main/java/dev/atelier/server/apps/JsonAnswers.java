package dev.atelier.server.apps;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.atelier.kernel.Fault;
import dev.atelier.wire.Headers;
import dev.atelier.wire.WireRequest;
import dev.atelier.wire.WireResponse;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;

/** JSON in and out, with errors in the form that Jupyter's clients know. */
final class JsonAnswers {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int LONGEST = 4 << 20;

  private JsonAnswers() {}

  static ObjectNode object() {
    return JSON.createObjectNode();
  }

  static WireResponse json(int status, Object content) {
    try {
      return new WireResponse(status, Headers.of("Content-Type", "application/json", "Cache-Control", "no-store"),
          new WireResponse.Bytes(JSON.writeValueAsBytes(content)));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  static WireResponse nothing() {
    return new WireResponse(204, Headers.of("Cache-Control", "no-store"), new WireResponse.Bytes(new byte[0]));
  }

  static WireResponse missing(String what) {
    return error(404, what);
  }

  /** A refusal, whose status pages go by: where a right is missing AWS's JSON services answer with 400 too. */
  static WireResponse refusal(Fault refused) {
    return error(refused.code().contains("AccessDenied") ? 403 : refused.status(), refused.getMessage());
  }

  static WireResponse error(int status, String message) {
    return json(status, Map.of("message", message, "reason", message));
  }

  /** What is asked, as an object; an empty body is an empty one. @throws Fault it is neither, or too large */
  static ObjectNode body(WireRequest request) {
    return object(bytes(request.body()));
  }

  /** A whole body. @throws Fault it is too large, or does not come whole */
  static byte[] bytes(InputStream body) {
    try {
      byte[] bytes = body.readNBytes(LONGEST + 1);
      if (bytes.length <= LONGEST) {
        return bytes;
      }
    } catch (IOException e) {
      throw Fault.validation("The request did not come whole.");
    }
    throw new Fault("RequestTooLarge", 413, "The request is too large.");
  }

  /** A body as an object; an empty one is an empty object. @throws Fault it is none */
  static ObjectNode object(byte[] body) {
    try {
      JsonNode read = body.length == 0 ? object() : JSON.readTree(body);
      if (read instanceof ObjectNode object) {
        return object;
      }
    } catch (IOException e) {
      // answered below
    }
    throw Fault.validation("The request is no JSON object.");
  }
}
