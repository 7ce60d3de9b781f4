import type { Metric } from "@aws-sdk/client-cloudwatch";
import { place } from "./links";

/** Tells one metric from all others; it stands in the address. */
export function mark(metric: Metric): string {
  return JSON.stringify([
    metric.Namespace,
    metric.MetricName,
    (metric.Dimensions ?? []).map((each) => [each.Name, each.Value]),
  ]);
}

/** Where the page of a metric is. */
export function metricPlace(metric: Metric): string {
  return place("/monitoring/metrics", { metric: mark(metric) });
}
