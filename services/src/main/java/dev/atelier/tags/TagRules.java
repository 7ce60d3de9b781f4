package dev.atelier.tags;

import dev.atelier.kernel.Fault;
import dev.atelier.models.sagemaker.Tag;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What tags of a request must be, beyond what the model says of each. */
public final class TagRules {
  private TagRules() {}

  /** The tags by key, in the request's order. */
  public static Map<String, String> of(List<Tag> tags) {
    Map<String, String> result = new LinkedHashMap<>();
    for (Tag tag : tags) {
      if (tag.key().toLowerCase(Locale.ROOT).startsWith("aws:")) {
        throw Fault.validation("aws: prefixed tag key names are not allowed for external use.");
      }
      if (result.put(tag.key(), tag.value()) != null) {
        throw Fault.validation("Duplicate tag keys found. Please note that Tag keys are case insensitive.");
      }
    }
    return result;
  }
}
