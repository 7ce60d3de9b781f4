package dev.atelier.metrics;

/**
 * The values of one metric and unit that were told for one second or minute.
 *
 * @param second since 1970
 */
record Point(long second, String unit, Distribution values) {}
