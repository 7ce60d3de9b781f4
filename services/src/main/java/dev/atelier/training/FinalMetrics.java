package dev.atelier.training;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.atelier.jobs.MetricScanner;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** The last values of a job's metrics as the text of their column. */
final class FinalMetrics {
  private static final ObjectMapper JSON = new ObjectMapper();

  private FinalMetrics() {}

  static String write(List<MetricScanner.Found> metrics) {
    ArrayNode array = JSON.createArrayNode();
    metrics.forEach(metric -> array.addObject().put("name", metric.name()).put("value", metric.value())
        .put("at", metric.at().toEpochMilli()));
    return array.toString();
  }

  static List<MetricScanner.Found> read(String text) {
    try {
      List<MetricScanner.Found> metrics = new ArrayList<>();
      for (JsonNode each : JSON.readTree(text)) {
        metrics.add(new MetricScanner.Found(each.path("name").asText(), each.path("value").asDouble(),
            Instant.ofEpochMilli(each.path("at").asLong())));
      }
      return metrics;
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
