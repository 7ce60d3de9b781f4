/**
 * CloudWatch Logs: groups and streams are rows ({@code log_*}), events lie in append-only compressed segments, one file a
 * stream, and never enter the database.
 */
package dev.atelier.logs;
