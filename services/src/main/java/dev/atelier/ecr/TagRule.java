package dev.atelier.ecr;

import dev.atelier.models.ecr.ImageTagMutabilityExclusionFilter;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Whether a tag can be moved to another image.
 *
 * @param mutability ECR's word for it
 * @param exclusions patterns with {@code *} of the tags that the opposite holds for
 */
record TagRule(String mutability, List<String> exclusions) {
  static final TagRule MUTABLE = new TagRule("MUTABLE", List.of());
  private static final String WITH_EXCLUSION = "_WITH_EXCLUSION";
  private static final int MOST_WILDCARDS = 2;

  TagRule {
    exclusions = List.copyOf(exclusions);
  }

  /** What a request says; without a word tags can be moved. */
  static TagRule of(String mutability, List<ImageTagMutabilityExclusionFilter> filters) {
    String word = mutability == null ? MUTABLE.mutability : mutability;
    List<String> exclusions = filters.stream().map(ImageTagMutabilityExclusionFilter::filter).toList();
    if (word.endsWith(WITH_EXCLUSION) && exclusions.isEmpty()) {
      throw EcrFault.invalid("imageTagMutabilityExclusionFilters",
          "must be given when imageTagMutability is " + word);
    }
    if (!word.endsWith(WITH_EXCLUSION) && !exclusions.isEmpty()) {
      throw EcrFault.invalid("imageTagMutabilityExclusionFilters",
          "can only be given when imageTagMutability is MUTABLE_WITH_EXCLUSION or IMMUTABLE_WITH_EXCLUSION");
    }
    exclusions.stream().filter(each -> each.chars().filter(c -> c == '*').count() > MOST_WILDCARDS).findFirst()
        .ifPresent(each -> {
          throw EcrFault.invalid("imageTagMutabilityExclusionFilters", "must have at most two wildcards (*): " + each);
        });
    return new TagRule(word, exclusions);
  }

  /** Whether the tag, once it is given, stays with its image. */
  boolean fixes(String tag) {
    boolean excluded = exclusions.stream().anyMatch(each -> matches(each, tag));
    return mutability.startsWith("IMMUTABLE") != excluded;
  }

  static boolean matches(String pattern, String tag) {
    StringBuilder regex = new StringBuilder();
    for (String literal : pattern.split("\\*", -1)) {
      regex.append(regex.isEmpty() ? "" : ".*").append(literal.isEmpty() ? "(?:)" : Pattern.quote(literal));
    }
    return tag.matches(regex.toString());
  }

  List<ImageTagMutabilityExclusionFilter> toWire() {
    return exclusions.stream().map(each ->
        ImageTagMutabilityExclusionFilter.builder().filterType("WILDCARD").filter(each).build()).toList();
  }
}
