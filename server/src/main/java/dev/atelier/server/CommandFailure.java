package dev.atelier.server;

/** A command cannot do what was asked; the message is all that the user sees. */
final class CommandFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  CommandFailure(String message) {
    super(message);
  }
}
