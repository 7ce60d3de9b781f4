package dev.atelier.metrics;

import dev.atelier.kernel.Fault;

/** CloudWatch's errors by their Query codes. */
final class MetricFault {
  private MetricFault() {}

  static Fault value(String message) {
    return new Fault("InvalidParameterValue", 400, message);
  }

  static Fault combination(String message) {
    return new Fault("InvalidParameterCombination", 400, message);
  }

  static Fault missing(String message) {
    return new Fault("MissingParameter", 400, message);
  }

  static Fault validation(String message) {
    return new Fault("ValidationError", 400, message);
  }

  static Fault nextToken() {
    return new Fault("InvalidNextToken", 400, "Request parameter NextToken is invalid");
  }

  static Fault notFound(String message) {
    return new Fault("ResourceNotFound", 404, message);
  }
}
