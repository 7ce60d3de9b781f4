package dev.atelier.logs;

/**
 * One event.
 *
 * @param timestamp milliseconds since 1970, as the writer says
 * @param ingested when it arrived here
 */
record LogEvent(long timestamp, long ingested, String message) {}
