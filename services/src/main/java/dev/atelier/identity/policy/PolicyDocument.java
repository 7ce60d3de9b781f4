package dev.atelier.identity.policy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.atelier.kernel.Fault;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A parsed policy document. */
public record PolicyDocument(String version, List<Statement> statements) {
  private static final ObjectMapper JSON = new ObjectMapper()
      .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
      .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY);
  private static final int MOST_CACHED = 2_000;
  /** Documents are immutable and read on every request; a text is parsed once. */
  private static final Cache<Key, PolicyDocument> PARSED = Caffeine.newBuilder().maximumSize(MOST_CACHED).build();

  public PolicyDocument {
    statements = List.copyOf(statements);
  }

  /** What a document is attached to; it decides which elements it must and may have. */
  public enum Kind {
    /** An inline policy of a user, group or role, or a session policy. */
    IDENTITY,
    /** A managed policy: as an inline one, of the newest version of the language. */
    MANAGED,
    RESOURCE,
    /** The policy of one resource, whose statements name none: it is that of the repository it is attached to. */
    OF_ONE,
    TRUST
  }

  private record Key(String text, Kind kind) {}

  /**
   * Parses and checks a document.
   *
   * @throws Fault MalformedPolicyDocument, as IAM answers
   */
  public static PolicyDocument parse(String text, Kind kind) {
    return PARSED.get(new Key(text, kind), key -> read(text, kind));
  }

  private static PolicyDocument read(String text, Kind kind) {
    JsonNode root;
    try {
      root = JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new Fault("MalformedPolicyDocument", 400, "Syntax errors in policy.");
    }
    List<Statement> statements = new ArrayList<>();
    for (JsonNode each : PolicyGrammar.statements(root, kind)) {
      statements.add(statement(each, statements.size() + 1));
    }
    return new PolicyDocument(root.path("Version").asText("2008-10-17"), statements);
  }

  private static Statement statement(JsonNode node, int place) {
    boolean notPrincipal = node.has("NotPrincipal");
    String sid = node.path("Sid").asText("");
    return new Statement(sid.isEmpty() ? Integer.toString(place) : sid,
        node.path("Effect").asText().equals("Allow") ? Statement.Effect.ALLOW : Statement.Effect.DENY,
        node.has("NotAction"),
        PolicyGrammar.strings(node, "Action", "NotAction").stream().map(each -> each.toLowerCase(Locale.ROOT)).toList(),
        node.has("NotResource"), PolicyGrammar.strings(node, "Resource", "NotResource"),
        notPrincipal, principals(node.path(notPrincipal ? "NotPrincipal" : "Principal")),
        conditions(node.path("Condition")));
  }

  private static Map<String, List<String>> principals(JsonNode node) {
    if (node.isTextual()) {
      return Map.of("AWS", List.of("*"));
    }
    Map<String, List<String>> principals = new LinkedHashMap<>();
    node.properties().forEach(entry -> principals.put(entry.getKey(), scalars(entry.getValue())));
    return principals;
  }

  private static List<Statement.Condition> conditions(JsonNode node) {
    List<Statement.Condition> conditions = new ArrayList<>();
    for (Map.Entry<String, JsonNode> operator : node.properties()) {
      for (Map.Entry<String, JsonNode> key : operator.getValue().properties()) {
        conditions.add(new Statement.Condition(
            ConditionOperator.of(operator.getKey()), key.getKey(), scalars(key.getValue())));
      }
    }
    return conditions;
  }

  private static List<String> scalars(JsonNode node) {
    List<String> values = new ArrayList<>();
    (node.isArray() ? node : List.of(node)).forEach(each -> values.add(each.asText()));
    return List.copyOf(values);
  }
}
