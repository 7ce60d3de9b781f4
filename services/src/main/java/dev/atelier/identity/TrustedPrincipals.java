package dev.atelier.identity;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.atelier.kernel.AccountId;
import dev.atelier.kernel.Arn;
import dev.atelier.kernel.Partition;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/**
 * The users and roles that a stored trust policy names, by unique id. A document is read with the names that they have
 * now, and with the bare id of one that is gone, as AWS shows it.
 */
final class TrustedPrincipals {
  static final String NONE = "{}";
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final TypeReference<Map<String, String>> IDS = new TypeReference<>() {};

  private TrustedPrincipals() {}

  /** Whether the text has the form of a user's or role's unique id. */
  static boolean isId(String text) {
    return text.matches("A(?:ID|RO)A[A-Z0-9]{12,124}");
  }

  /** The column's text. */
  static String column(Map<String, String> idsByName) {
    try {
      return JSON.writeValueAsString(idsByName);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The document as it reads now. */
  static String current(Handle tx, String document, String column) {
    if (column.equals(NONE)) {
      return document;
    }
    try {
      Map<String, String> changed = new HashMap<>();
      JSON.readValue(column, IDS).forEach((name, id) -> {
        String now = name(tx, id, Arn.parse(name).map(Arn::partition).orElse(Partition.AWS.id())).orElse(id);
        if (!now.equals(name)) {
          changed.put(name, now);
        }
      });
      return changed.isEmpty() ? document : renamed(document, changed);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a trust policy cannot be read", e);
    }
  }

  /** The ARN of the user, role or role's session ({@code AROA...:session}); empty when it is gone. */
  static Optional<String> name(Handle tx, String id, String partition) {
    int colon = id.indexOf(':');
    String session = colon < 0 ? "" : id.substring(colon + 1);
    boolean user = id.startsWith("AIDA");
    return tx.createQuery("select account, path, name from " + (user ? "iam_user" : "iam_role") + " where id = :id")
        .bind("id", colon < 0 ? id : id.substring(0, colon))
        .map((row, context) -> new Arn(partition, session.isEmpty() ? "iam" : "sts", "",
            new AccountId(row.getString("account")).value(),
            session.isEmpty() ? (user ? "user" : "role") + row.getString("path") + row.getString("name")
                : "assumed-role/" + row.getString("name") + "/" + session).toString())
        .findOne();
  }

  private static String renamed(String document, Map<String, String> changed) throws JsonProcessingException {
    JsonNode root = JSON.readTree(document);
    JsonNode statements = root.path("Statement");
    for (JsonNode statement : statements.isArray() ? statements : List.of(statements)) {
      for (String element : List.of("Principal", "NotPrincipal")) {
        if (statement.path(element) instanceof ObjectNode principals) {
          rename(principals, changed);
        }
      }
    }
    return JSON.writeValueAsString(root);
  }

  private static void rename(ObjectNode principals, Map<String, String> changed) {
    JsonNode named = principals.path("AWS");
    if (named instanceof ArrayNode several) {
      for (int i = 0; i < several.size(); i++) {
        several.set(i, TextNode.valueOf(changed.getOrDefault(several.get(i).asText(), several.get(i).asText())));
      }
    } else if (named.isTextual()) {
      principals.put("AWS", changed.getOrDefault(named.asText(), named.asText()));
    }
  }
}
