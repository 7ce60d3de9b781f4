package dev.atelier.server.http;

import dev.atelier.kernel.Fault;
import dev.atelier.models.ConstraintCheck;
import dev.atelier.models.StructureShape;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Holds a request to ECR against its model, in ECR's words. */
final class EcrArguments {
  private static final Pattern CLAUSE =
      Pattern.compile("Value .* at '([^']*)' failed to satisfy constraint: (.*)", Pattern.DOTALL);
  private static final String REGEX = "Member must satisfy regular expression pattern: ";

  private EcrArguments() {}

  /** @throws Fault InvalidParameterException */
  static void check(StructureShape shape, Map<String, Object> input) {
    List<String> violations = ConstraintCheck.violations(shape, input);
    if (violations.isEmpty()) {
      return;
    }
    Matcher matcher = CLAUSE.matcher(violations.getFirst());
    String message = violations.getFirst();
    if (matcher.matches()) {
      String constraint = matcher.group(2);
      message = "Invalid parameter at '" + matcher.group(1) + "' failed to satisfy constraint: '"
          + (constraint.startsWith(REGEX)
              ? "must satisfy regular expression '" + constraint.substring(REGEX.length()) + "'" : constraint) + "'";
    }
    throw new Fault("InvalidParameterException", 400, message);
  }
}
