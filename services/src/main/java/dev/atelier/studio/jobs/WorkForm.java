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
import java.util.regex.Pattern;

/** What a page asks of a notebook job, checked; limits are AWS's. */
final class WorkForm {
  private static final int LONGEST = 2_048;
  private static final int LONGEST_ID = 32;
  private static final Pattern NAME = Pattern.compile("(?=.{1,63}$)[a-zA-Z0-9](-*[a-zA-Z0-9])*");
  private static final Pattern VARIABLE = Pattern.compile("[a-zA-Z_][a-zA-Z0-9_]*");
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
    WorkForm form = new WorkForm(asked);
    String init = form.text("initializationScript");
    return new Work(form.matching("name", NAME, "letters, digits and hyphens, 63 at most"),
        HomePath.notebook(form.text("path")), form.required("instanceType"), form.arn("imageArn"), "",
        form.required("kernel"), form.map("parameters", 100, 256, 2_500), form.environment(), form.arn("role"),
        form.s3("inputS3"), form.s3("outputS3"), form.arn("script"), init.isEmpty() ? "" : HomePath.checked(init),
        new KmsKeys(form.inner("kmsKeys").text("output"), form.inner("kmsKeys").text("volume")),
        new Vpc(form.inner("vpc").list("securityGroupIds", 5), form.inner("vpc").list("subnets", 16)), "");
  }

  private WorkForm inner(String member) {
    return new WorkForm(asked.path(member) instanceof ObjectNode object ? object : asked.objectNode());
  }

  private String text(String member) {
    JsonNode value = asked.path(member);
    if (value.isMissingNode() || value.isNull()) {
      return "";
    }
    if (!value.isTextual() || value.asText().length() > LONGEST) {
      throw refused(member, "a text of at most " + LONGEST + " characters");
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

  private Map<String, String> environment() {
    Map<String, String> variables = map("environment", 28, 512, 512);
    variables.keySet().stream().filter(name -> !VARIABLE.matcher(name).matches()).findFirst().ifPresent(name -> {
      throw refused("environment", "made of names of letters, digits and underscores");
    });
    return variables;
  }

  private Map<String, String> map(String member, int most, int longestName, int longestValue) {
    JsonNode given = asked.path(member);
    Map<String, String> values = new LinkedHashMap<>();
    given.properties().forEach(entry -> values.put(entry.getKey(), entry.getValue().asText()));
    boolean fits = values.size() <= most && values.entrySet().stream().allMatch(entry -> !entry.getKey().isEmpty()
        && entry.getKey().length() <= longestName && entry.getValue().length() <= longestValue);
    boolean plain = given.properties().stream().allMatch(entry -> entry.getValue().isValueNode());
    if (!fits || !plain || !given.isMissingNode() && !given.isNull() && !given.isObject()) {
      throw refused(member, "an object of at most " + most + " values, with names of at most " + longestName
          + " and values of at most " + longestValue + " characters");
    }
    return values;
  }

  private List<String> list(String member, int most) {
    List<String> values = new ArrayList<>();
    asked.path(member).forEach(each -> values.add(each.asText()));
    if (values.size() > most || values.stream().anyMatch(value -> value.length() > LONGEST_ID)) {
      throw refused(member, "a list of at most " + most + " ids");
    }
    return values;
  }

  private static Fault refused(String member, String what) {
    return Fault.validation(member + " must be " + what + ".");
  }
}
