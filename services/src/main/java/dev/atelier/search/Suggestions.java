package dev.atelier.search;

import dev.atelier.models.sagemaker.PropertyNameSuggestion;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;

/** The names of hyperparameters, tags and metrics that resources have, as far as they begin with a hint. */
final class Suggestions {
  private static final int MOST = 1_000;

  private final String hint;
  private final TreeSet<String> names = new TreeSet<>();

  /** @param hint in whatever case */
  Suggestions(String hint) {
    this.hint = hint.toLowerCase(Locale.ROOT);
  }

  void add(Map<String, Object> resource) {
    if (resource.get("HyperParameters") instanceof Map<?, ?> parameters) {
      parameters.keySet().forEach(name -> add("HyperParameters." + name));
    }
    entries(resource.get("Tags")).forEach(tag -> add("Tags." + tag.get("Key")));
    entries(resource.get("FinalMetricDataList")).forEach(metric -> add("Metrics." + metric.get("MetricName")));
  }

  @SuppressWarnings("unchecked")
  private static List<Map<String, Object>> entries(Object list) {
    return list instanceof List<?> entries ? (List<Map<String, Object>>) entries : List.of();
  }

  private void add(String name) {
    if (name.toLowerCase(Locale.ROOT).startsWith(hint)) {
      names.add(name);
      if (names.size() > MOST) {
        names.removeLast();
      }
    }
  }

  List<PropertyNameSuggestion> found() {
    return names.stream().map(name -> PropertyNameSuggestion.builder().propertyName(name).build()).toList();
  }
}
