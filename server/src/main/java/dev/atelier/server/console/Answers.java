package dev.atelier.server.console;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.atelier.kernel.Fault;
import dev.atelier.wire.Headers;
import dev.atelier.wire.WireResponse;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** The console's own answers, which are JSON and are kept by no cache. */
final class Answers {
  /** Tells the page that it was the console that refused, not a service: there is no session, or no right origin. */
  static final String REFUSED = "X-Atelier-Console-Refused";

  private static final ObjectMapper JSON = new ObjectMapper();

  private Answers() {}

  static WireResponse json(int status, Map<String, ?> content) {
    try {
      return new WireResponse(status, Headers.of("Content-Type", "application/json", "Cache-Control", "no-store"),
          new WireResponse.Bytes(JSON.writeValueAsBytes(content)));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  static WireResponse refusal(Fault fault) {
    WireResponse answer = json(fault.status(), Map.of("code", fault.code(), "message", fault.getMessage()));
    answer.headers().add(REFUSED, fault.code());
    fault.headers().forEach(answer.headers()::set);
    return answer;
  }

  static WireResponse text(int status, String text) {
    return new WireResponse(status, Headers.of("Content-Type", "text/plain;charset=utf-8", "Cache-Control", "no-store"),
        new WireResponse.Bytes(text.getBytes(StandardCharsets.UTF_8)));
  }

  static WireResponse empty(int status) {
    return new WireResponse(status, Headers.of("Cache-Control", "no-store"), new WireResponse.Bytes(new byte[0]));
  }
}
