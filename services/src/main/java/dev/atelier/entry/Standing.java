package dev.atelier.entry;

import dev.atelier.kernel.Arn;
import java.nio.file.Path;
import java.util.Optional;

/** Where a program stands, for somebody who may use it. */
public sealed interface Standing {
  /**
   * It answers.
   *
   * @param program its ARN
   * @param socket the unix socket that leads into its sandbox
   * @param token what it takes as proof that a request passed through here
   * @param person the user profile that asks, where it is known
   */
  record Ready(Arn program, Path socket, String token, Optional<String> person) implements Standing {
    /** For anybody. */
    public Ready(Arn program, Path socket, String token) {
      this(program, socket, token, Optional.empty());
    }

    Ready by(Optional<String> asking) {
      return new Ready(program, socket, token, asking);
    }

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
