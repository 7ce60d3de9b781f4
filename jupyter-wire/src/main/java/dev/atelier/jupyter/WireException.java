package dev.atelier.jupyter;

import java.io.IOException;

/** What came is not what the protocol allows; the connection is of no more use. */
public final class WireException extends IOException {
  private static final long serialVersionUID = 1L;

  public WireException(String message) {
    super(message);
  }
}
