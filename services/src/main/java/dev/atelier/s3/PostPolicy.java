package dev.atelier.s3;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.atelier.kernel.Fault;
import dev.atelier.objects.S3Fault;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * The policy that a browser's upload form carries: what its signer lets be uploaded, and until when.
 *
 * @param least the shortest file that is taken, in bytes
 * @param most the longest file
 */
public record PostPolicy(Instant expiration, List<Condition> conditions, long least, long most) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final long ANY_LENGTH = 5L << 30;
  /** Fields that need no condition. */
  private static final Set<String> FREE = Set.of("x-amz-signature", "signature", "awsaccesskeyid", "policy", "file");

  public PostPolicy {
    conditions = List.copyOf(conditions);
  }

  /** What one field must be. @param field its name in lower case */
  public record Condition(String field, boolean prefix, String value, String shown) {
    boolean holds(Map<String, String> fields) {
      String given = fields.getOrDefault(field, "");
      return prefix ? given.startsWith(value) : given.equals(value);
    }
  }

  /** A policy that binds nothing, for a form without one. */
  public static PostPolicy none() {
    return new PostPolicy(Instant.MAX, List.of(), 0, ANY_LENGTH);
  }

  /**
   * Reads the policy field.
   *
   * @throws Fault InvalidPolicyDocument
   */
  public static PostPolicy parse(String base64) {
    JsonNode document;
    try {
      document = JSON.readTree(new String(Base64.getMimeDecoder().decode(base64), StandardCharsets.UTF_8));
    } catch (IllegalArgumentException | JsonProcessingException e) {
      throw invalid("Invalid JSON.");
    }
    if (!document.isObject()) {
      throw invalid("Invalid JSON.");
    }
    JsonNode conditions = document.path("conditions");
    if (!conditions.isArray()) {
      throw invalid(conditions.isMissingNode()
          ? "Policy missing conditions." : "Invalid 'conditions' value: must be a List.");
    }
    List<Condition> found = new ArrayList<>();
    long least = 0;
    long most = ANY_LENGTH;
    for (JsonNode node : conditions) {
      if (node.isArray() && node.path(0).asText().equalsIgnoreCase("content-length-range")) {
        least = Math.max(least, number(node, 1));
        most = Math.min(most, number(node, 2));
      } else {
        found.addAll(conditions(node));
      }
    }
    return new PostPolicy(expiration(document.path("expiration")), found, least, most);
  }

  private static Instant expiration(JsonNode node) {
    if (!node.isTextual()) {
      throw invalid(node.isMissingNode() ? "Policy missing expiration." : "Invalid 'expiration' value: '" + node + "'");
    }
    try {
      return OffsetDateTime.parse(node.asText()).toInstant();
    } catch (DateTimeException e) {
      throw invalid("Invalid 'expiration' value: '" + node.asText() + "'");
    }
  }

  private static List<Condition> conditions(JsonNode node) {
    List<Condition> found = new ArrayList<>();
    if (node.isObject() && node.size() == 1) {
      node.properties().forEach(field ->
          found.add(condition(field.getKey(), false, field.getValue(), "[\"eq\", \"$" + field.getKey() + "\", "
              + field.getValue() + "]")));
    } else if (node.isArray() && node.size() == 3 && node.get(1).asText().startsWith("$")) {
      String operator = node.get(0).asText().toLowerCase(Locale.ROOT);
      if (!operator.equals("eq") && !operator.equals("starts-with")) {
        throw invalid("Invalid Condition: unknown operation '" + node.get(0).asText() + "'.");
      }
      found.add(condition(node.get(1).asText().substring(1), operator.equals("starts-with"), node.get(2),
          node.toString()));
    } else {
      throw invalid("Invalid Simple-Condition: Simple-Conditions must have exactly one property specified.");
    }
    return found;
  }

  private static Condition condition(String field, boolean prefix, JsonNode value, String shown) {
    if (!value.isTextual()) {
      throw invalid("Invalid Simple-Condition: value must be a string.");
    }
    return new Condition(field.toLowerCase(Locale.ROOT), prefix, value.asText(), shown);
  }

  private static long number(JsonNode node, int place) {
    JsonNode value = node.path(place);
    String text = value.asText();
    if (node.size() != 3 || !(value.isIntegralNumber() || value.isTextual()) || !text.matches("\\d{1,18}")) {
      throw invalid("Invalid content-length-range: the range must be two numbers.");
    }
    return Long.parseLong(text);
  }

  /**
   * Holds the form against the policy.
   *
   * @param fields by their names in lower case, {@code bucket} among them
   * @throws Fault AccessDenied
   */
  public void check(Map<String, String> fields, Instant now) {
    if (!now.isBefore(expiration)) {
      throw denied("Policy expired.");
    }
    for (Condition condition : conditions) {
      if (!condition.holds(fields)) {
        throw denied("Policy Condition failed: " + condition.shown());
      }
    }
    for (String field : fields.keySet()) {
      boolean free = FREE.contains(field) || field.equals("bucket") || field.startsWith("x-ignore-");
      if (!free && conditions.stream().noneMatch(condition -> condition.field().equals(field))) {
        throw denied("Extra input fields: " + field);
      }
    }
  }

  private static Fault invalid(String detail) {
    return S3Fault.of("InvalidPolicyDocument", 400, "Invalid Policy: " + detail);
  }

  private static Fault denied(String detail) {
    return S3Fault.of("AccessDenied", 403, "Invalid according to Policy: " + detail);
  }
}
