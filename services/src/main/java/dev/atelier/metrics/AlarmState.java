package dev.atelier.metrics;

/** The state of an alarm, in AWS's words. */
enum AlarmState {
  OK, ALARM, INSUFFICIENT_DATA
}
