package dev.atelier.metrics;

/**
 * What a publisher tells of a metric.
 *
 * @param second since 1970; the beginning of its minute unless the metric is of high resolution
 * @param unit one of AWS's units, {@code None} for none
 */
record Sample(SeriesKey key, long second, String unit, Distribution values) {}
