package dev.atelier.server;

/** The version that servers announce. */
final class Version {
  static final String TEXT = "0.1";

  private Version() {}
}
