package dev.atelier.entry;

import java.nio.file.Path;

/** Where a program stands, for somebody who may use it. */
public sealed interface Standing {
  /** It answers. @param token what it takes as proof */
  record Ready(Path socket, String token) implements Standing {
    @Override
    public String toString() {
      return "Ready[" + socket + "]";
    }
  }

  /** It is being started. @param phase how far, in a sentence */
  record Starting(String phase) implements Standing {}

  /** It does not run. @param reason why, in a sentence */
  record Ended(String reason) implements Standing {}
}
