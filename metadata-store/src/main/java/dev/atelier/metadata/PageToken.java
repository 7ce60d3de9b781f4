package dev.atelier.metadata;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.atelier.kernel.Fault;
import java.io.IOException;
import java.util.Base64;

/**
 * Where a page ended: the last row's sort value and tie-breaker, and the print of the query it belongs to. It is no
 * secret and grants nothing, since filters, the account among them, are always those of the request at hand.
 */
record PageToken(Object sortValue, Object tie, String query) {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
  private static final int LONGEST = 8192;

  String encode() {
    try {
      byte[] json = JSON.writeValueAsBytes(new Object[] {query, sortValue, tie});
      return Base64.getUrlEncoder().withoutPadding().encodeToString(json);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a sort column holds neither text nor a number", e);
    }
  }

  static PageToken decode(String token, String query) {
    if (token.length() > LONGEST) {
      throw invalid();
    }
    try {
      JsonNode parts = JSON.readTree(Base64.getUrlDecoder().decode(token));
      if (parts == null || !parts.isArray() || parts.size() != 3 || !parts.get(0).asText().equals(query)) {
        throw invalid();
      }
      return new PageToken(scalar(parts.get(1)), scalar(parts.get(2)), query);
    } catch (IOException | IllegalArgumentException e) {
      throw invalid();
    }
  }

  private static Object scalar(JsonNode node) {
    return switch (node.getNodeType()) {
      case STRING -> node.textValue();
      case NUMBER -> node.isIntegralNumber() && node.canConvertToLong() ? (Object) node.longValue() : node.doubleValue();
      case ARRAY, BINARY, BOOLEAN, MISSING, NULL, OBJECT, POJO -> throw invalid();
    };
  }

  static Fault invalid() {
    return Fault.validation("Invalid pagination token");
  }
}
