/** Metric math: expressions over time series, as in GetMetricData and in alarms. Knows neither wire nor storage. */
package dev.atelier.metrics.math;
