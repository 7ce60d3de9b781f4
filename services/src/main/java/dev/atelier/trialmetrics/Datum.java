package dev.atelier.trialmetrics;

import java.time.Instant;
import java.util.OptionalInt;

/**
 * One value of a metric.
 *
 * @param step the iteration, such as an epoch; empty where whoever measured it did not say
 */
record Datum(String metric, Instant at, OptionalInt step, double value) {}
