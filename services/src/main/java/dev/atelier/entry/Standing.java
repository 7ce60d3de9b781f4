package dev.atelier.entry;

import dev.atelier.kernel.Arn;
import java.nio.file.Path;

/** Where a program stands, for somebody who may use it. */
public sealed interface Standing {
  /**
   * It answers.
   *
   * @param program its ARN
   * @param socket the unix socket that leads into its sandbox
   * @param token what it takes as proof that a request passed through here
   */
  record Ready(Arn program, Path socket, String token) implements Standing {
    @Override
    public String toString() {
      return "Ready[" + program + "]";
    }
  }

  /** It is being started. @param phase how far, in a sentence */
  record Starting(String phase) implements Standing {}

  /** It does not run. @param reason why, in a sentence */
  record Ended(String reason) implements Standing {}
}
