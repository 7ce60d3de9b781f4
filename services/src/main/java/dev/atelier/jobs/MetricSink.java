package dev.atelier.jobs;

import dev.atelier.kernel.AccountId;
import dev.atelier.kernel.Region;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Where what jobs and endpoints measure goes: CloudWatch. */
public interface MetricSink {

  /** Keeps values; durable when it returns. */
  void publish(AccountId account, Region region, String namespace, List<Value> values);

  /**
   * One value.
   *
   * @param dimensions their names with their values
   * @param unit one of CloudWatch's units
   * @param fine whether it is kept by the second rather than by the minute
   */
  record Value(String metric, Map<String, String> dimensions, double value, String unit, Instant at, boolean fine) {}
}
