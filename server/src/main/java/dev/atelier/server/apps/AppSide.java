package dev.atelier.server.apps;

import dev.atelier.entry.Standing;
import dev.atelier.kernel.Arn;
import java.util.Optional;

/** What is known of apps and of who may use them. Apps are named by the first label of their hosts. */
public interface AppSide {

  /**
   * A browser's session with an app's host.
   *
   * @param token secret; the cookie's value
   * @param seconds for which it lasts
   * @param landing the path that is shown first, absolute
   */
  record Entry(String token, long seconds, String landing) {}

  /** Exchanges the token of a presigned URL, which is good once, for a session; empty when it is not good. */
  Optional<Entry> redeem(String app, String presigned);

  /** Somebody with a session changes something in a program. */
  void used(Arn program);

  /** Where the app stands; empty when the token is no session with it. */
  Optional<Standing> standing(String app, String token);
}
