package dev.atelier.s3;

import dev.atelier.objects.DeleteMarker;
import dev.atelier.objects.S3Fault;
import dev.atelier.objects.StoredObject;
import dev.atelier.objects.Upload;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The enabled rules of a bucket, and what they make of its objects. Ages are counted in whole days and end at the next
 * midnight of UTC, as on AWS.
 */
final class LifecycleRules {
  /** The kind of the bucket's document that holds them. */
  static final String KIND = "lifecycle";
  /** From the dearest to the cheapest: objects change their class in this direction alone. */
  private static final List<String> CLASSES = List.of("STANDARD", "STANDARD_IA", "INTELLIGENT_TIERING", "ONEZONE_IA",
      "GLACIER_IR", "GLACIER", "DEEP_ARCHIVE");
  private static final List<String> TAKING_SMALL = List.of("GLACIER", "DEEP_ARCHIVE");
  private static final long SMALL = 128 << 10;

  private final List<? extends Map<?, ?>> rules;
  private final boolean smallByClass;

  private LifecycleRules(List<? extends Map<?, ?>> rules, boolean smallByClass) {
    this.rules = rules;
    this.smallByClass = smallByClass;
  }

  static LifecycleRules read(String json) {
    Map<String, Object> document = StoredDocument.read(json);
    return new LifecycleRules(LifecycleChecks.maps(document.get("Rules"))
        .filter(rule -> "Enabled".equals(rule.get("Status"))).toList(),
        "varies_by_storage_class".equals(document.get("TransitionDefaultMinimumObjectSize")));
  }

  /** When an object expires, and the rule that says so first. */
  record Expiry(Instant at, String rule) {
    /** As {@code x-amz-expiration} has it. */
    String header() {
      return "expiry-date=\"" + S3Fault.httpDate(at) + "\", rule-id=\"" + rule + "\"";
    }
  }

  Optional<Expiry> expiry(StoredObject object) {
    return rules.stream().filter(rule -> applies(rule, object)).flatMap(rule ->
            due(LifecycleChecks.map(rule.get("Expiration")), "Days", object.lastModified()).stream()
                .map(at -> new Expiry(at, rule.get("ID").toString())))
        .min(Comparator.comparing(Expiry::at));
  }

  /** The class that an object shall have by now, when it is another than it has. */
  Optional<String> transition(StoredObject object, Instant now) {
    return cheapest(object, rules.stream().filter(rule -> applies(rule, object))
        .flatMap(rule -> LifecycleChecks.maps(rule.get("Transitions")))
        .filter(each -> due(each, "Days", object.lastModified()).filter(at -> !at.isAfter(now)).isPresent()).toList());
  }

  /**
   * Whether an older version is to go.
   *
   * @param since when it ceased to be what the key gives
   * @param newer how many older versions of the key are newer than it
   */
  boolean expired(StoredObject version, Instant since, int newer, Instant now) {
    return rules.stream().filter(rule -> applies(rule, version))
        .map(rule -> LifecycleChecks.map(rule.get("NoncurrentVersionExpiration")))
        .anyMatch(action -> noncurrent(action, since, newer, now));
  }

  /** As {@link #expired}, for an older delete marker, which has neither tags nor a size. */
  boolean markerOutlived(DeleteMarker marker, Instant since, int newer, Instant now) {
    return rules.stream().filter(rule -> !filtersContent(rule) && marker.key().startsWith(prefix(rule)))
        .map(rule -> LifecycleChecks.map(rule.get("NoncurrentVersionExpiration")))
        .anyMatch(action -> noncurrent(action, since, newer, now));
  }

  /** As {@link #transition(StoredObject, Instant)}, for an older version. */
  Optional<String> transition(StoredObject version, Instant since, int newer, Instant now) {
    return cheapest(version, rules.stream().filter(rule -> applies(rule, version))
        .flatMap(rule -> LifecycleChecks.maps(rule.get("NoncurrentVersionTransitions")))
        .filter(action -> noncurrent(action, since, newer, now)).toList());
  }

  /** Whether a delete marker that stands for no version any more is to go. */
  boolean markerExpired(String key, Instant made, Instant now) {
    return rules.stream().filter(rule -> !filtersContent(rule) && key.startsWith(prefix(rule)))
        .map(rule -> LifecycleChecks.map(rule.get("Expiration")))
        .anyMatch(action -> Boolean.TRUE.equals(action.get("ExpiredObjectDeleteMarker"))
            || due(action, "Days", made).filter(at -> !at.isAfter(now)).isPresent());
  }

  boolean abandoned(Upload upload, Instant now) {
    return rules.stream().filter(rule -> !filtersContent(rule) && upload.key().startsWith(prefix(rule)))
        .map(rule -> LifecycleChecks.map(rule.get("AbortIncompleteMultipartUpload")))
        .anyMatch(action -> due(action, "DaysAfterInitiation", upload.initiated())
            .filter(at -> !at.isAfter(now)).isPresent());
  }

  private static boolean noncurrent(Map<?, ?> action, Instant since, int newer, Instant now) {
    return due(action, "NoncurrentDays", since).filter(at -> !at.isAfter(now)).isPresent()
        && !(action.get("NewerNoncurrentVersions") instanceof Integer kept && newer < kept);
  }

  private static Optional<Instant> due(Map<?, ?> action, String days, Instant from) {
    if (action.get("Date") instanceof Instant date) {
      return Optional.of(date);
    }
    return action.get(days) instanceof Integer count
        ? Optional.of(from.plus(Duration.ofDays(count)).truncatedTo(ChronoUnit.DAYS).plus(Duration.ofDays(1)))
        : Optional.empty();
  }

  private Optional<String> cheapest(StoredObject object, List<? extends Map<?, ?>> due) {
    int present = CLASSES.indexOf(object.attributes().storageClass());
    return due.stream().map(each -> each.get("StorageClass").toString())
        .filter(to -> object.size() >= SMALL || smallByClass && TAKING_SMALL.contains(to))
        .filter(to -> CLASSES.indexOf(to) > present).max(Comparator.comparing(CLASSES::indexOf));
  }

  private static boolean applies(Map<?, ?> rule, StoredObject object) {
    Map<?, ?> filter = LifecycleChecks.map(rule.get("Filter"));
    Map<?, ?> and = LifecycleChecks.map(filter.get("And"));
    Map<?, ?> sizes = and.isEmpty() ? filter : and;
    Map<String, String> tags = object.attributes().tags();
    boolean tagged = filter.get("Tag") == null || has(tags, LifecycleChecks.map(filter.get("Tag")));
    return object.key().startsWith(prefix(rule)) && tagged
        && LifecycleChecks.maps(and.get("Tags")).allMatch(tag -> has(tags, tag))
        && !(sizes.get("ObjectSizeGreaterThan") instanceof Number least && object.size() <= least.longValue())
        && !(sizes.get("ObjectSizeLessThan") instanceof Number most && object.size() >= most.longValue());
  }

  private static boolean has(Map<String, String> tags, Map<?, ?> tag) {
    return String.valueOf(tag.get("Value")).equals(tags.get(String.valueOf(tag.get("Key"))));
  }

  /** Tags and sizes are those of objects; neither markers nor uploads have any. */
  private static boolean filtersContent(Map<?, ?> rule) {
    Map<?, ?> filter = LifecycleChecks.map(rule.get("Filter"));
    Map<?, ?> and = LifecycleChecks.map(filter.get("And"));
    return filter.containsKey("Tag") || and.containsKey("Tags")
        || List.of(filter, and).stream().anyMatch(each ->
            each.containsKey("ObjectSizeGreaterThan") || each.containsKey("ObjectSizeLessThan"));
  }

  private static String prefix(Map<?, ?> rule) {
    Map<?, ?> filter = LifecycleChecks.map(rule.get("Filter"));
    Object prefix = rule.containsKey("Prefix") ? rule.get("Prefix")
        : filter.containsKey("Prefix") ? filter.get("Prefix") : LifecycleChecks.map(filter.get("And")).get("Prefix");
    return prefix instanceof String text ? text : "";
  }
}
