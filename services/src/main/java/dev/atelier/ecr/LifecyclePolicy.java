package dev.atelier.ecr;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.atelier.kernel.Fault;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which images of a repository expire (AWS: "Lifecycle policy properties in Amazon ECR"). All rules look at all images;
 * the rule with the lowest number has the first say, and an image whose tags a rule asks for is left alone by the rules
 * after it.
 *
 * @param rules in order of priority
 */
record LifecyclePolicy(List<Rule> rules) {
  private static final ObjectMapper JSON = new ObjectMapper()
      .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS, DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY);
  private static final int MOST_RULES = 50;
  private static final Set<String> RULE = Set.of("rulePriority", "description", "selection", "action");
  private static final Set<String> SELECTION = Set.of("tagStatus", "tagPrefixList", "tagPatternList", "countType",
      "countUnit", "countNumber", "storageClass");

  LifecyclePolicy {
    rules = rules.stream().sorted(Comparator.comparingInt(Rule::priority)).toList();
  }

  /** What images a rule is for, by their tags. */
  enum TagStatus { TAGGED, UNTAGGED, ANY }

  /** What is counted. */
  enum Count { IMAGES, DAYS_SINCE_PUSHED, DAYS_SINCE_PULLED }

  /** @param patterns with {@code *}; an image needs a tag for each of them */
  record Rule(int priority, TagStatus status, List<String> patterns, Count count, int number) {
    boolean isFor(Image image) {
      return switch (status) {
        case ANY -> true;
        case UNTAGGED -> image.tags().isEmpty();
        case TAGGED -> !image.tags().isEmpty() && patterns.stream().allMatch(pattern ->
            image.tags().stream().anyMatch(tag -> TagRule.matches(pattern, tag)));
      };
    }

    /** Those that the rule would let expire, had it all to say. @param images the newest first */
    Set<String> expiring(List<Image> images, Instant now) {
      List<Image> meant = images.stream().filter(this::isFor).toList();
      Instant limit = now.minus(Duration.ofDays(number));
      List<Image> due = switch (count) {
        case IMAGES -> meant.subList(Math.min(number, meant.size()), meant.size());
        case DAYS_SINCE_PUSHED -> meant.stream().filter(image -> image.pushed().isBefore(limit)).toList();
        case DAYS_SINCE_PULLED -> meant.stream()
            .filter(image -> image.pulled().orElse(image.pushed()).isBefore(limit)).toList();
      };
      Set<String> digests = new HashSet<>();
      due.forEach(image -> digests.add(image.digest()));
      return digests;
    }
  }

  /** The images that expire, each with the rule that says so. @param images the newest first */
  Map<Image, Rule> expiring(List<Image> images, Instant now) {
    Map<Rule, Set<String>> asked = new LinkedHashMap<>();
    rules.forEach(rule -> asked.put(rule, rule.expiring(images, now)));
    Map<Image, Rule> expiring = new LinkedHashMap<>();
    for (Image image : images) {
      rules.stream().filter(rule -> rule.isFor(image)).findFirst()
          .filter(rule -> asked.get(rule).contains(image.digest()))
          .ifPresent(rule -> expiring.put(image, rule));
    }
    return expiring;
  }

  /** @throws Fault InvalidParameterException */
  static LifecyclePolicy read(String text) {
    List<Rule> rules = new ArrayList<>();
    JsonNode root = json(text);
    require(root.isObject() && root.size() == 1 && root.path("rules").isArray() && !root.path("rules").isEmpty()
        && root.path("rules").size() <= MOST_RULES, "a policy is an object with 1 to 50 rules");
    root.path("rules").forEach(rule -> rules.add(rule(rule)));
    require(rules.stream().map(Rule::priority).distinct().count() == rules.size(), "two rules have one rulePriority");
    require(rules.stream().filter(rule -> rule.status() == TagStatus.UNTAGGED).count() <= 1,
        "more than one rule selects untagged images");
    List<Rule> any = rules.stream().filter(rule -> rule.status() == TagStatus.ANY).toList();
    require(any.size() <= 1, "more than one rule selects any images");
    require(any.isEmpty() || rules.stream().allMatch(rule -> rule.priority() <= any.getFirst().priority()),
        "a rule with tagStatus any must have the highest rulePriority");
    return new LifecyclePolicy(rules);
  }

  private static JsonNode json(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw bad("it is not valid JSON");
    }
  }

  private static Rule rule(JsonNode rule) {
    known(rule, RULE);
    JsonNode selection = rule.path("selection");
    known(selection, SELECTION);
    int priority = number(rule, "rulePriority");
    TagStatus status = switch (selection.path("tagStatus").asText()) {
      case "tagged" -> TagStatus.TAGGED;
      case "untagged" -> TagStatus.UNTAGGED;
      case "any" -> TagStatus.ANY;
      default -> throw bad("tagStatus must be tagged, untagged or any");
    };
    List<String> patterns = patterns(selection);
    require((status == TagStatus.TAGGED) != patterns.isEmpty(),
        "tagPrefixList or tagPatternList is needed with tagStatus tagged, and with that alone");
    Count count = switch (selection.path("countType").asText()) {
      case "imageCountMoreThan" -> Count.IMAGES;
      case "sinceImagePushed" -> Count.DAYS_SINCE_PUSHED;
      case "sinceImagePulled" -> Count.DAYS_SINCE_PULLED;
      case "sinceImageTransitioned" -> throw unsupported("countType sinceImageTransitioned");
      default -> throw bad("countType must be imageCountMoreThan, sinceImagePushed or sinceImagePulled");
    };
    require(selection.has("countUnit") == (count != Count.IMAGES)
        && (count == Count.IMAGES || selection.path("countUnit").asText().equals("days")),
        "countUnit must be days with a time, and absent otherwise");
    require(!selection.has("storageClass") || selection.path("storageClass").asText().equals("standard"),
        "storageClass must be standard");
    action(rule.path("action"));
    return new Rule(priority, status, patterns, count, number(selection, "countNumber"));
  }

  private static void action(JsonNode action) {
    if (action.path("type").asText().equals("transition")) {
      throw unsupported("the action transition");
    }
    require(action.size() == 1 && action.path("type").asText().equals("expire"), "an action's type must be expire");
  }

  private static List<String> patterns(JsonNode selection) {
    List<String> patterns = new ArrayList<>();
    for (String member : List.of("tagPrefixList", "tagPatternList")) {
      require(!selection.has(member) || selection.path(member).isArray(), member + " must be a list");
      selection.path(member).forEach(each -> {
        require(each.isTextual() && !each.asText().isEmpty() && each.asText().length() <= 128,
            "what is in " + member + " must have 1 to 128 characters");
        patterns.add(each.asText() + (member.equals("tagPrefixList") ? "*" : ""));
      });
    }
    return patterns;
  }

  private static void known(JsonNode node, Set<String> members) {
    require(node.isObject(), "a rule has a rulePriority, a selection and an action");
    node.fieldNames().forEachRemaining(name -> require(members.contains(name), "unknown member " + name));
  }

  private static int number(JsonNode node, String member) {
    require(node.path(member).isInt() && node.path(member).intValue() >= 1, member + " must be a whole number above 0");
    return node.path(member).intValue();
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw bad(otherwise);
    }
  }

  private static Fault bad(String reason) {
    return EcrFault.of("InvalidParameterException", "Invalid parameter at 'LifecyclePolicyText' failed to satisfy "
        + "constraint: 'Lifecycle policy validation failure: " + reason + "'");
  }

  private static Fault unsupported(String what) {
    return EcrFault.of("UnsupportedOperation", what + " of a lifecycle policy is not supported by this version of "
        + "Atelier: it has no archive storage class.");
  }
}
