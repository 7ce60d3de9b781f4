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

  /** What is asked, as an object; an empty body is an empty one. @throws Fault it is neither */
  static ObjectNode body(WireRequest request) {
    try {
      byte[] bytes = request.body().readNBytes(LONGEST + 1);
      if (bytes.length > LONGEST) {
        throw new Fault("RequestTooLarge", 413, "The request is too large.");
      }
      JsonNode read = bytes.length == 0 ? object() : JSON.readTree(bytes);
      if (read instanceof ObjectNode object) {
        return object;
      }
    } catch (IOException e) {
      // answered below
    }
    throw Fault.validation("The request is no JSON object.");
  }
}
