/**
 * CloudWatch metrics and alarms: points in segments, their statistics, metric math, alarms and dashboards.
 */
package dev.atelier.metrics;
