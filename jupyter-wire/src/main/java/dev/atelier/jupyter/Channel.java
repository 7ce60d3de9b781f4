package dev.atelier.jupyter;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** The channels of a kernel that messages go over. Source: Jupyter's messaging specification 5.4. */
public enum Channel {
  /** Requests that are answered one after another. */
  SHELL,
  /** What the kernel tells everybody. */
  IOPUB,
  /** What the kernel asks its user. */
  STDIN,
  /** Requests that overtake those of the shell: interrupt, shutdown, debug. */
  CONTROL;

  /** The name that WebSocket messages carry. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  public static Optional<Channel> named(String wireName) {
    return Arrays.stream(values()).filter(channel -> channel.wireName().equals(wireName)).findFirst();
  }
}
