package dev.atelier.studio.jobs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.atelier.kernel.Arn;
import dev.atelier.kernel.Fault;
import dev.atelier.studio.HomePath;
import dev.atelier.studio.jobs.Work.KmsKeys;
import dev.atelier.studio.jobs.Work.Vpc;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** What a page asks of a notebook job, checked; limits are AWS's. */
final class WorkForm {
  private static final int LONGEST = 2_048;
  private static final int LONGEST_ID = 32;
  private static final Pattern NAME = Pattern.compile("(?=.{1,63}$)[a-zA-Z0-9](-*[a-zA-Z0-9])*");
  private static final Pattern VARIABLE = Pattern.compile("[a-zA-Z_][a-zA-Z0-9_]*");
  private static final Pattern PARAMETER = Pattern.compile("[\\p{L}\\p{Nl}_][\\p{L}\\p{Nl}\\p{Mn}\\p{Mc}\\p{Nd}\\p{Pc}]*");
  /** What Python keeps for itself. */
  private static final Set<String> KEYWORDS = Set.of("False", "None", "True", "and", "as", "assert", "async", "await",
      "break", "class", "continue", "def", "del", "elif", "else", "except", "finally", "for", "from", "global", "if",
      "import", "in", "is", "lambda", "nonlocal", "not", "or", "pass", "raise", "return", "try", "while", "with", "yield");
  private static final Set<String> MEMBERS = Set.of("name", "path", "instanceType", "imageArn", "kernel", "parameters",
      "environment", "role", "inputS3", "outputS3", "script", "initializationScript", "kmsKeys", "vpc", "schedule");
  /** What answers have besides: pages may send back what they were given. */
  private static final Set<String> ANSWERED = Set.of("id", "status", "image", "input", "created", "modified", "nextRun",
      "trainingJobName", "definition", "failureReason", "started", "ended");
  private static final Pattern S3 = Pattern.compile("s3://[^/]+(/.*)?");

  private final ObjectNode asked;

  private WorkForm(ObjectNode asked) {
    this.asked = asked;
  }

  /**
   * Reads a request. Image, role and places are as they were asked for; {@code image} and {@code input} are empty yet.
   *
   * @throws Fault ValidationException, naming the member
   */
  static Work read(ObjectNode asked) {
    asked.fieldNames().forEachRemaining(name -> {
      if (!MEMBERS.contains(name) && !ANSWERED.contains(name)) {
        throw unknown(name);
      }
    });
    WorkForm form = new WorkForm(asked);
    WorkForm keys = form.inner("kmsKeys", Set.of("output", "volume"));
    WorkForm vpc = form.inner("vpc", Set.of("securityGroupIds", "subnets"));
    String init = form.text("initializationScript");
    return new Work(form.matching("name", NAME, "letters, digits and hyphens, 63 at most"),
        HomePath.notebook(form.text("path")), form.required("instanceType"), form.arn("imageArn"), "",
        form.required("kernel"), form.parameters(), form.environment(), form.arn("role"),
        form.s3("inputS3"), form.s3("outputS3"), form.arn("script"), init.isEmpty() ? "" : HomePath.checked(init),
        new KmsKeys(keys.text("output"), keys.text("volume")),
        new Vpc(vpc.list("securityGroupIds", 5), vpc.list("subnets", 16)), "");
  }

  private WorkForm inner(String member, Set<String> names) {
    JsonNode value = asked.path(member);
    if (value.isMissingNode() || value.isNull()) {
      return new WorkForm(asked.objectNode());
    }
    if (!(value instanceof ObjectNode object)) {
      throw refused(member, "an object");
    }
    object.fieldNames().forEachRemaining(name -> {
      if (!names.contains(name)) {
        throw unknown(member + "." + name);
      }
    });
    return new WorkForm(object);
  }

  private String text(String member) {
    JsonNode value = asked.path(member);
    if (value.isMissingNode() || value.isNull()) {
      return "";
    }
    if (!value.isTextual() || value.asText().length() > LONGEST || value.asText().indexOf(0) >= 0) {
      throw refused(member, "a text of at most " + LONGEST + " characters without NUL");
    }
    return value.asText().strip();
  }

  private String required(String member) {
    String text = text(member);
    if (text.isEmpty()) {
      throw refused(member, "there");
    }
    return text;
  }

  private String matching(String member, Pattern pattern, String words) {
    String text = required(member);
    if (!pattern.matcher(text).matches()) {
      throw refused(member, words);
    }
    return text;
  }

  private String arn(String member) {
    String text = text(member);
    if (!text.isEmpty() && Arn.parse(text).isEmpty()) {
      throw refused(member, "an ARN");
    }
    return text;
  }

  private String s3(String member) {
    String text = text(member);
    if (!text.isEmpty() && !S3.matcher(text).matches()) {
      throw refused(member, "a location such as s3://bucket/folder");
    }
    return text;
  }

  private Map<String, String> parameters() {
    Map<String, String> parameters = map("parameters", 100, 256, 2_500);
    parameters.keySet().forEach(name -> {
      if (!PARAMETER.matcher(name).matches() || KEYWORDS.contains(name)) {
        throw Fault.validation("A parameter cannot be called " + name + ": a name of Python is letters, digits and"
            + " underscores, begins with no digit and is none of Python's own words.");
      }
    });
    return parameters;
  }

  private Map<String, String> environment() {
    Map<String, String> variables = map("environment", 28, 512, 512);
    variables.keySet().stream().filter(name -> !VARIABLE.matcher(name).matches()).findFirst().ifPresent(name -> {
      throw refused("environment", "made of names of letters, digits and underscores");
    });
    return variables;
  }

  private Map<String, String> map(String member, int most, int longestName, int longestValue) {
    JsonNode given = asked.path(member);
    if (!given.isMissingNode() && !given.isNull() && !given.isObject()) {
      throw refused(member, "an object");
    }
    Map<String, String> values = new LinkedHashMap<>();
    given.properties().forEach(entry -> {
      JsonNode value = entry.getValue();
      if (!value.isTextual() && !value.isNumber() && !value.isBoolean() || value.asText().indexOf(0) >= 0) {
        throw Fault.validation("The value of " + entry.getKey() + " in " + member
            + " must be a text without NUL, a number or a truth value.");
      }
      values.put(entry.getKey(), value.asText());
    });
    boolean fits = values.size() <= most && values.entrySet().stream().allMatch(entry -> !entry.getKey().isEmpty()
        && entry.getKey().length() <= longestName && entry.getValue().length() <= longestValue);
    if (!fits) {
      throw refused(member, "an object of at most " + most + " values, with names of at most " + longestName
          + " and values of at most " + longestValue + " characters");
    }
    return values;
  }

  private List<String> list(String member, int most) {
    JsonNode given = asked.path(member);
    List<String> values = new ArrayList<>();
    given.forEach(each -> values.add(each.isTextual() ? each.asText() : ""));
    if (!given.isMissingNode() && !given.isNull() && !given.isArray() || values.size() > most
        || values.stream().anyMatch(value -> value.isEmpty() || value.length() > LONGEST_ID)) {
      throw refused(member, "a list of at most " + most + " ids");
    }
    return values;
  }

  private static Fault unknown(String member) {
    return Fault.validation("A notebook job has no " + member + ".");
  }

  private static Fault refused(String member, String what) {
    return Fault.validation(member + " must be " + what + ".");
  }
}
