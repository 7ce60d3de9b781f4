package dev.atelier.identity.policy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.atelier.kernel.Fault;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What IAM demands of a policy document, in the order in which IAM finds fault: the form of the whole, its version, what
 * its older parser refuses, names of statements, actions, resources.
 */
final class PolicyGrammar {
  private static final Set<String> DOCUMENT_KEYS = Set.of("Version", "Id", "Statement");
  private static final Set<String> STATEMENT_KEYS = Set.of("Sid", "Effect", "Action", "NotAction", "Resource",
      "NotResource", "Principal", "NotPrincipal", "Condition");
  private static final Set<String> VERSIONS = Set.of("2012-10-17", "2008-10-17");
  private static final Set<String> PRINCIPAL_TYPES = Set.of("AWS", "Service", "Federated", "CanonicalUser");
  private static final Pattern VENDOR = Pattern.compile("[a-zA-Z0-9.-]+");

  private PolicyGrammar() {}

  /** The statements of a document that is in order. */
  static List<JsonNode> statements(JsonNode root, PolicyDocument.Kind kind) {
    require(root.isObject() && DOCUMENT_KEYS.containsAll(names(root)), "Syntax errors in policy.");
    require(!root.has("Version") || root.path("Version").isTextual() && VERSIONS.contains(root.path("Version").asText()),
        "Syntax errors in policy.");
    require(!root.has("Id") || root.path("Id").isTextual(), "Syntax errors in policy.");
    JsonNode element = root.path("Statement");
    require(element.isObject() || element.isArray() && !element.isEmpty(), "Syntax errors in policy.");
    List<JsonNode> statements = new ArrayList<>();
    (element.isObject() ? List.of(element) : element).forEach(statements::add);
    statements.forEach(PolicyGrammar::form);
    if (kind == PolicyDocument.Kind.MANAGED) {
      require(root.path("Version").asText().equals("2012-10-17"), "Policy document must be version 2012-10-17 or greater.");
    }
    switch (kind) {
      case MANAGED, IDENTITY -> identity(statements);
      case RESOURCE, OF_ONE, TRUST -> resource(statements, kind);
    }
    return statements;
  }

  private static void identity(List<JsonNode> statements) {
    statements.forEach(PolicyGrammar::older);
    Optional<String> fault = PolicyResources.fault(statements);
    uniqueSids(statements);
    statements.forEach(each -> require(filled(each, "Action", "NotAction"), "Policy statement must contain actions."));
    fault.ifPresent(message -> require(false, message));
    statements.forEach(PolicyGrammar::actions);
    statements.forEach(each -> require(filled(each, "Resource", "NotResource"), "Policy statement must contain resources."));
    statements.forEach(each -> require(!each.has("Principal") && !each.has("NotPrincipal"),
        "Policy document should not specify a principal."));
  }

  private static void resource(List<JsonNode> statements, PolicyDocument.Kind kind) {
    statements.forEach(PolicyGrammar::older);
    if (kind != PolicyDocument.Kind.OF_ONE) {
      // ECR takes statements of one name
      uniqueSids(statements);
    }
    for (JsonNode each : statements) {
      require(filled(each, "Action", "NotAction"), "Policy statement must contain actions.");
      actions(each);
      if (kind != PolicyDocument.Kind.RESOURCE) {
        require(!each.has("Resource") && !each.has("NotResource"), "Has prohibited field Resource");
      }
      if (kind == PolicyDocument.Kind.TRUST) {
        strings(each, "Action", "NotAction").forEach(action -> require(action.equals("*")
            || action.toLowerCase(Locale.ROOT).startsWith("sts:"),
            "AssumeRole policy may only specify STS AssumeRole actions."));
      } else if (kind == PolicyDocument.Kind.RESOURCE) {
        require(filled(each, "Resource", "NotResource"), "Policy statement must contain resources.");
        strings(each, "Resource", "NotResource").forEach(one -> require(one.equals("*") || one.startsWith("arn:"),
            "Resource " + one + " must be in ARN format or \"*\"."));
      }
      require(each.has("Principal") || each.has("NotPrincipal"), "Missing required field Principal");
      principals(each.path(each.has("Principal") ? "Principal" : "NotPrincipal"));
    }
  }

  /** Types and names of a statement's elements. */
  private static void form(JsonNode statement) {
    require(statement.isObject() && STATEMENT_KEYS.containsAll(names(statement)), "Syntax errors in policy.");
    for (String element : List.of("Action", "Resource", "Principal")) {
      require(!(statement.has(element) && statement.has("Not" + element)), "Syntax errors in policy.");
    }
    JsonNode effect = statement.path("Effect");
    require(effect.isTextual() && Set.of("allow", "deny").contains(effect.asText().toLowerCase(Locale.ROOT)),
        "Syntax errors in policy.");
    for (String element : List.of("Action", "NotAction", "Resource", "NotResource")) {
      JsonNode value = statement.path(element);
      require(value.isMissingNode() || value.isTextual() || value.isArray(), "Syntax errors in policy.");
      // IAM takes null among the values of a list, and passes it over
      value.forEach(each -> require(each.isNull() || each.isTextual(), "Syntax errors in policy."));
    }
    require(!statement.has("Sid") || statement.path("Sid").isTextual(), "Syntax errors in policy.");
    conditions(statement.path("Condition"));
  }

  private static void conditions(JsonNode conditions) {
    require(conditions.isMissingNode() || conditions.isObject(), "Syntax errors in policy.");
    conditions.properties().forEach(operator -> {
      JsonNode keys = operator.getValue();
      require(keys.isObject() && (keys.isEmpty() || ConditionOperator.isKnown(operator.getKey())),
          "Syntax errors in policy.");
      for (JsonNode values : keys) {
        require(!values.isObject() && !values.isNull(), "Syntax errors in policy.");
        values.forEach(value -> require(value.isValueNode() && !value.isNull(), "Syntax errors in policy."));
      }
    });
  }

  private static void older(JsonNode statement) {
    require(Set.of("Allow", "Deny").contains(statement.path("Effect").asText()), "The policy failed legacy parsing");
    statement.path("Condition").properties().forEach(operator -> {
      if (ConditionOperator.isDate(operator.getKey())) {
        for (JsonNode values : operator.getValue()) {
          (values.isArray() ? values : List.of(values)).forEach(value ->
              require(PolicyDates.isAccepted(value.asText()), "The policy failed legacy parsing"));
        }
      }
    });
  }

  private static void uniqueSids(List<JsonNode> statements) {
    Set<String> sids = new HashSet<>();
    statements.stream().map(each -> each.path("Sid").asText("")).filter(sid -> !sid.isEmpty()).forEach(sid ->
        require(sids.add(sid), "Statement IDs (SID) in a single policy must be unique."));
  }

  private static void actions(JsonNode statement) {
    for (String action : strings(statement, "Action", "NotAction")) {
      String[] parts = action.split(":", -1);
      require(parts.length > 1 || action.equals("*"),
          "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.");
      require(parts.length < 3, "Actions/Condition can contain only one colon.");
      require(action.equals("*") || parts[0].equals("*") || VENDOR.matcher(parts[0]).matches(),
          "Vendor " + parts[0] + " is not valid");
    }
  }

  private static void principals(JsonNode node) {
    if (node.isTextual() && node.asText().equals("*")) {
      return;
    }
    require(node.isObject() && !node.isEmpty() && PRINCIPAL_TYPES.containsAll(names(node)),
        "Invalid principal in policy.");
    for (JsonNode values : node) {
      require(values.isTextual() && !values.asText().isEmpty() || values.isArray() && !values.isEmpty(),
          "Invalid principal in policy.");
      values.forEach(value -> require(value.isTextual() && !value.asText().isEmpty(), "Invalid principal in policy."));
    }
  }

  private static boolean filled(JsonNode statement, String plain, String negated) {
    JsonNode element = statement.path(statement.has(plain) ? plain : negated);
    return element.isTextual() || element.isArray() && !element.isEmpty();
  }

  /** The values of an element or of its negation; null among them is passed over. */
  static List<String> strings(JsonNode statement, String plain, String negated) {
    JsonNode element = statement.path(statement.has(plain) ? plain : negated);
    List<String> values = new ArrayList<>();
    (element.isArray() ? element : List.of(element)).forEach(each -> {
      if (each.isTextual()) {
        values.add(each.asText());
      }
    });
    return List.copyOf(values);
  }

  private static Set<String> names(JsonNode node) {
    Set<String> names = new HashSet<>();
    node.fieldNames().forEachRemaining(names::add);
    return names;
  }

  static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new Fault("MalformedPolicyDocument", 400, otherwise);
    }
  }
}
