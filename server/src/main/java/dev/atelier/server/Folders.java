package dev.atelier.server;

import java.nio.file.Path;
import java.util.Map;

/** Where data and caches lie unless the user says otherwise. */
final class Folders {
  private Folders() {}

  /** {@code $ATELIER_DATA}, else {@code $XDG_DATA_HOME/atelier}, else {@code ~/.local/share/atelier}. */
  static Path data(Map<String, String> environment) {
    String set = environment.getOrDefault("ATELIER_DATA", "");
    return set.isEmpty() ? under(environment, "XDG_DATA_HOME", ".local/share") : Path.of(set);
  }

  /** {@code $XDG_CACHE_HOME/atelier}, else {@code ~/.cache/atelier}. */
  static Path cache(Map<String, String> environment) {
    return under(environment, "XDG_CACHE_HOME", ".cache");
  }

  /** {@code $XDG_CONFIG_HOME/atelier}, else {@code ~/.config/atelier}. */
  static Path config(Map<String, String> environment) {
    return under(environment, "XDG_CONFIG_HOME", ".config");
  }

  /** {@code $HOME}, which AWS's clients go by, else the folder that the system has for the user. */
  static Path home(Map<String, String> environment) {
    String home = environment.getOrDefault("HOME", "");
    return Path.of(home.isEmpty() ? System.getProperty("user.home") : home);
  }

  private static Path under(Map<String, String> environment, String variable, String otherwise) {
    String base = environment.getOrDefault(variable, "");
    return (base.isEmpty() ? home(environment).resolve(otherwise) : Path.of(base)).resolve("atelier");
  }
}
