package dev.atelier.kernel;

import java.util.Optional;
import java.util.Set;

/**
 * A request body whose framing was taken off, with headers that come after it. Its length is checked by who took off
 * the framing; the Content-Length of the request is not its length.
 */
public interface TrailedBody {

  /** The announced length of the body without its framing, in bytes. */
  long length();

  /** The names, in lower case, of the headers that were announced to come after the body. */
  Set<String> announced();

  /**
   * The trailing header of a name, known once the body was read to its end.
   *
   * @throws IllegalStateException the end was not read yet
   */
  Optional<String> trailer(String name);
}
