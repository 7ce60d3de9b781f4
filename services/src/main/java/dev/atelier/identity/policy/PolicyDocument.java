package dev.atelier.identity.policy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.atelier.kernel.Fault;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A parsed policy document. */
public record PolicyDocument(String version, List<Statement> statements) {
  private static final ObjectMapper JSON = new ObjectMapper()
      .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
      .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY);
  private static final Set<String> DOCUMENT_KEYS = Set.of("Version", "Id", "Statement");
  private static final Set<String> STATEMENT_KEYS = Set.of("Sid", "Effect", "Action", "NotAction", "Resource",
      "NotResource", "Principal", "NotPrincipal", "Condition");
  private static final Set<String> VERSIONS = Set.of("2012-10-17", "2008-10-17");
  private static final Set<String> PRINCIPAL_TYPES = Set.of("AWS", "Service", "Federated", "CanonicalUser");

  public PolicyDocument {
    statements = List.copyOf(statements);
  }

  /** What a document is attached to; it decides which elements it must and may have. */
  public enum Kind { IDENTITY, RESOURCE, TRUST }

  /**
   * Parses and checks a document.
   *
   * @throws Fault MalformedPolicyDocument, as IAM answers
   */
  public static PolicyDocument parse(String text, Kind kind) {
    JsonNode root;
    try {
      root = JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw malformed("Syntax errors in policy.");
    }
    if (!root.isObject() || !DOCUMENT_KEYS.containsAll(names(root))) {
      throw malformed("Syntax errors in policy.");
    }
    String version = root.path("Version").asText("2008-10-17");
    if (!VERSIONS.contains(version)) {
      throw malformed("Syntax errors in policy.");
    }
    JsonNode statement = root.path("Statement");
    List<Statement> statements = new ArrayList<>();
    if (statement.isObject()) {
      statements.add(statement(statement, 1, kind));
    } else if (statement.isArray() && !statement.isEmpty()) {
      for (JsonNode each : statement) {
        statements.add(statement(each, statements.size() + 1, kind));
      }
    } else {
      throw malformed("Syntax errors in policy.");
    }
    return new PolicyDocument(version, statements);
  }

  private static Statement statement(JsonNode node, int place, Kind kind) {
    if (!node.isObject() || !STATEMENT_KEYS.containsAll(names(node))) {
      throw malformed("Syntax errors in policy.");
    }
    Statement.Effect effect = switch (node.path("Effect").asText()) {
      case "Allow" -> Statement.Effect.ALLOW;
      case "Deny" -> Statement.Effect.DENY;
      default -> throw malformed("Syntax errors in policy.");
    };
    boolean notAction = exactlyOne(node, "Action", "NotAction", "Policy statement must contain actions.");
    List<String> actions = strings(node.path(notAction ? "NotAction" : "Action"));
    for (String action : actions) {
      if (!action.equals("*") && !action.matches("[A-Za-z0-9-]+:.*")) {
        throw malformed("Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.");
      }
    }
    boolean notResource = false;
    List<String> resources = List.of();
    if (kind == Kind.TRUST) {
      if (node.has("Resource") || node.has("NotResource")) {
        throw malformed("Has prohibited field Resource");
      }
    } else {
      notResource = exactlyOne(node, "Resource", "NotResource", "Policy statement must contain resources.");
      resources = strings(node.path(notResource ? "NotResource" : "Resource"));
      for (String resource : resources) {
        if (!resource.equals("*") && !resource.startsWith("arn:")) {
          throw malformed("Resource " + resource + " must be in ARN format or \"*\".");
        }
      }
    }
    boolean notPrincipal = node.has("NotPrincipal");
    Map<String, List<String>> principals = Map.of();
    if (kind == Kind.IDENTITY) {
      if (node.has("Principal") || notPrincipal) {
        throw malformed("Policy document should not specify a principal.");
      }
    } else {
      exactlyOne(node, "Principal", "NotPrincipal", "Missing required field Principal");
      principals = principals(node.path(notPrincipal ? "NotPrincipal" : "Principal"));
    }
    String sid = node.path("Sid").asText("");
    return new Statement(sid.isEmpty() ? Integer.toString(place) : sid, effect, notAction, actions, notResource,
        resources, notPrincipal, principals, conditions(node.path("Condition")));
  }

  private static boolean exactlyOne(JsonNode node, String plain, String negated, String otherwise) {
    if (node.has(plain) == node.has(negated)) {
      throw malformed(node.has(plain) ? "Syntax errors in policy." : otherwise);
    }
    return node.has(negated);
  }

  private static Map<String, List<String>> principals(JsonNode node) {
    if (node.isTextual() && node.asText().equals("*")) {
      return Map.of("AWS", List.of("*"));
    }
    if (!node.isObject() || node.isEmpty() || !PRINCIPAL_TYPES.containsAll(names(node))) {
      throw malformed("Invalid principal in policy.");
    }
    Map<String, List<String>> principals = new LinkedHashMap<>();
    node.properties().forEach(entry -> principals.put(entry.getKey(), strings(entry.getValue())));
    return principals;
  }

  private static List<Statement.Condition> conditions(JsonNode node) {
    if (node.isMissingNode()) {
      return List.of();
    }
    if (!node.isObject()) {
      throw malformed("Syntax errors in policy.");
    }
    List<Statement.Condition> conditions = new ArrayList<>();
    for (Map.Entry<String, JsonNode> operator : node.properties()) {
      if (!ConditionOperator.isKnown(operator.getKey()) || !operator.getValue().isObject()) {
        throw malformed("Invalid Condition type : " + operator.getKey() + ".");
      }
      for (Map.Entry<String, JsonNode> key : operator.getValue().properties()) {
        conditions.add(new Statement.Condition(operator.getKey(), key.getKey(), scalars(key.getValue())));
      }
    }
    return conditions;
  }

  private static List<String> strings(JsonNode node) {
    List<String> values = new ArrayList<>();
    for (JsonNode each : node.isArray() ? node : List.of(node)) {
      if (!each.isTextual() || each.asText().isEmpty()) {
        throw malformed("Syntax errors in policy.");
      }
      values.add(each.asText());
    }
    if (values.isEmpty()) {
      throw malformed("Syntax errors in policy.");
    }
    return List.copyOf(values);
  }

  private static List<String> scalars(JsonNode node) {
    List<String> values = new ArrayList<>();
    for (JsonNode each : node.isArray() ? node : List.of(node)) {
      if (!each.isValueNode()) {
        throw malformed("Syntax errors in policy.");
      }
      values.add(each.asText());
    }
    return List.copyOf(values);
  }

  private static Set<String> names(JsonNode node) {
    Set<String> names = new java.util.LinkedHashSet<>();
    node.fieldNames().forEachRemaining(names::add);
    return names;
  }

  private static Fault malformed(String message) {
    return new Fault("MalformedPolicyDocument", 400, message);
  }
}
