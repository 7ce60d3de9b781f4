package dev.atelier.server.console;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.atelier.kernel.Fault;
import dev.atelier.wire.WireRequest;
import java.io.IOException;
import java.util.Optional;

/** What the page sends of its own: an object of short texts. */
record SentJson(JsonNode object) {
  private static final int MOST_BYTES = 16 << 10;
  private static final int LONGEST = 256;
  private static final ObjectMapper JSON = new ObjectMapper();

  /** @throws Fault BadRequest for anything but a JSON object of bounded size */
  static SentJson of(WireRequest request) {
    try {
      byte[] body = request.body().readNBytes(MOST_BYTES + 1);
      JsonNode sent = body.length > MOST_BYTES ? null : JSON.readTree(body);
      if (sent != null && sent.isObject()) {
        return new SentJson(sent);
      }
    } catch (IOException unreadable) {
      // what cannot be read may hold a password: nothing of it is told or logged
    }
    throw new Fault("BadRequest", 400, "The request's body is not a JSON object of at most " + MOST_BYTES + " bytes.");
  }

  boolean has(String name) {
    return object.hasNonNull(name);
  }

  String text(String name) {
    return optional(name).orElse("");
  }

  Optional<String> optional(String name) {
    JsonNode value = object.path(name);
    if (value.isMissingNode() || value.isNull()) {
      return Optional.empty();
    }
    if (!value.isTextual() || value.asText().length() > LONGEST) {
      throw new Fault("BadRequest", 400, name + " must be a text of at most " + LONGEST + " characters.");
    }
    return Optional.of(value.asText()).filter(text -> !text.isEmpty());
  }

  @Override
  public String toString() {
    return "SentJson";
  }
}
