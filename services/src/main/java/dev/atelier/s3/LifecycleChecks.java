package dev.atelier.s3;

import dev.atelier.kernel.Fault;
import dev.atelier.objects.S3Fault;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** What S3 wants of lifecycle rules; they are read as documents by the model's names. */
final class LifecycleChecks {
  private static final int MOST = 1_000;
  private static final int LONGEST_ID = 255;
  private static final int MOST_NEWER = 100;
  private static final List<String> ACTIONS = List.of("Expiration", "Transitions", "NoncurrentVersionTransitions",
      "NoncurrentVersionExpiration", "AbortIncompleteMultipartUpload");

  private LifecycleChecks() {}

  /** @throws Fault MalformedXML, InvalidArgument, InvalidRequest */
  static void check(List<Map<String, Object>> rules) {
    if (rules.isEmpty() || rules.size() > MOST) {
      throw malformed();
    }
    Set<Object> ids = new HashSet<>();
    for (Map<String, Object> rule : rules) {
      String id = rule.get("ID").toString();
      if (id.length() > LONGEST_ID) {
        throw invalid("ID", id, "ID length should not exceed allowed limit of " + LONGEST_ID);
      }
      if (!ids.add(id)) {
        throw invalid("ID", id, "Rule ID must be unique. Found same ID for more than one rule");
      }
      if (!List.of("Enabled", "Disabled").contains(String.valueOf(rule.get("Status")))) {
        throw malformed();
      }
      if (rule.containsKey("Prefix") == rule.containsKey("Filter")) {
        throw malformed();
      }
      if (ACTIONS.stream().noneMatch(rule::containsKey)) {
        throw S3Fault.invalidRequest("At least one action needs to be specified in a rule");
      }
      Map<?, ?> filter = map(rule.get("Filter"));
      filter(filter);
      actions(rule, filter.containsKey("Tag") || map(filter.get("And")).containsKey("Tags"));
    }
    if (rules.stream().map(rule -> rule.containsKey("Prefix")).distinct().count() > 1) {
      throw S3Fault.invalidRequest("Base level prefix cannot be used in Lifecycle V2, prefixes are only supported in the "
          + "Filter.");
    }
  }

  private static void filter(Map<?, ?> filter) {
    if (filter.size() > 1) {
      throw malformed();
    }
    Map<?, ?> and = map(filter.get("And"));
    long predicates = and.size() - (and.containsKey("Tags") ? 1 : 0) + (and.get("Tags") instanceof List<?> tags
        ? tags.size() : 0);
    if (filter.containsKey("And") && predicates < 2) {
      throw malformed();
    }
    Map<?, ?> sizes = and.isEmpty() ? filter : and;
    if (sizes.get("ObjectSizeGreaterThan") instanceof Long least && sizes.get("ObjectSizeLessThan") instanceof Long most
        && least >= most) {
      throw S3Fault.invalidRequest("'ObjectSizeLessThan' has to be a value greater than 'ObjectSizeGreaterThan'.");
    }
  }

  private static void actions(Map<String, Object> rule, boolean tagged) {
    if (rule.containsKey("Expiration")) {
      Map<?, ?> expiration = map(rule.get("Expiration"));
      if (expiration.size() != 1) {
        throw malformed();
      }
      positive(expiration, "Days", "'Days' for Expiration action must be a positive integer");
      midnight(expiration);
      if (tagged && expiration.containsKey("ExpiredObjectDeleteMarker")) {
        throw S3Fault.invalidRequest("ExpiredObjectDeleteMarker cannot be specified with tags.");
      }
    }
    if (rule.containsKey("NoncurrentVersionExpiration")) {
      noncurrent(map(rule.get("NoncurrentVersionExpiration")), "NoncurrentVersionExpiration");
    }
    maps(rule.get("NoncurrentVersionTransitions")).forEach(each -> {
      noncurrent(each, "NoncurrentVersionTransition");
      storageClass(each, "NoncurrentDays");
    });
    maps(rule.get("Transitions")).forEach(each -> {
      if (each.containsKey("Days") == each.containsKey("Date")) {
        throw malformed();
      }
      midnight(each);
      storageClass(each, "Days");
      if (each.get("Days") instanceof Integer days && map(rule.get("Expiration")).get("Days") instanceof Integer end
          && end <= days) {
        throw invalid("Days", end.toString(),
            "'Days' in the Expiration action must be greater than 'Days' in the Transition action");
      }
    });
    if (rule.containsKey("AbortIncompleteMultipartUpload")) {
      Map<?, ?> abort = map(rule.get("AbortIncompleteMultipartUpload"));
      if (!abort.containsKey("DaysAfterInitiation")) {
        throw malformed();
      }
      positive(abort, "DaysAfterInitiation",
          "'DaysAfterInitiation' for AbortIncompleteMultipartUpload action must be a positive integer");
      if (tagged) {
        throw S3Fault.invalidRequest("AbortIncompleteMultipartUpload cannot be specified with Tags.");
      }
    }
  }

  private static void noncurrent(Map<?, ?> action, String name) {
    if (!action.containsKey("NoncurrentDays")) {
      throw malformed();
    }
    if (name.endsWith("Expiration")) {
      positive(action, "NoncurrentDays", "'NoncurrentDays' for " + name + " action must be a positive integer");
    }
    if (action.get("NewerNoncurrentVersions") instanceof Integer kept && (kept < 1 || kept > MOST_NEWER)) {
      throw invalid("NewerNoncurrentVersions", kept.toString(), "'NewerNoncurrentVersions' for " + name
          + " action must be a positive integer of at most " + MOST_NEWER);
    }
  }

  private static void storageClass(Map<?, ?> transition, String days) {
    if (!(transition.get("StorageClass") instanceof String to)) {
      throw malformed();
    }
    if (transition.get(days) instanceof Integer count) {
      if (count < 0) {
        throw invalid(days, count.toString(), "'" + days + "' for Transition action must be nonnegative");
      }
      if (count < 30 && to.endsWith("_IA")) {
        throw invalid(days, count.toString(), "'" + days + "' in Transition action must be greater than or equal to 30 "
            + "for storageClass '" + to + "'");
      }
    }
  }

  private static void positive(Map<?, ?> action, String member, String message) {
    if (action.get(member) instanceof Integer days && days < 1) {
      throw invalid(member, days.toString(), message);
    }
  }

  private static void midnight(Map<?, ?> action) {
    if (action.get("Date") instanceof Instant date && !date.equals(date.truncatedTo(ChronoUnit.DAYS))) {
      throw invalid("Date", date.toString(), "'Date' must be at midnight GMT");
    }
  }

  static Map<?, ?> map(Object value) {
    return value instanceof Map<?, ?> map ? map : Map.of();
  }

  static Stream<Map<?, ?>> maps(Object value) {
    return value instanceof List<?> list ? list.stream().map(LifecycleChecks::map) : Stream.of();
  }

  private static Fault invalid(String name, String value, String message) {
    return S3Fault.invalidArgument(name, value, message);
  }

  static Fault malformed() {
    return S3Fault.of("MalformedXML", 400,
        "The XML you provided was not well-formed or did not validate against our published schema");
  }
}
