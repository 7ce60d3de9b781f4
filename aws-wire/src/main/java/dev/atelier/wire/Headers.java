package dev.atelier.wire;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** HTTP headers: names in any case (kept in lower case), several values each, in order of arrival. Not thread-safe. */
public final class Headers {
  private final Map<String, List<String>> values = new LinkedHashMap<>();

  /** Names and values by turns. */
  public static Headers of(String... pairs) {
    Headers headers = new Headers();
    for (int i = 0; i < pairs.length; i += 2) {
      headers.add(pairs[i], pairs[i + 1]);
    }
    return headers;
  }

  /** Adds a value. Control characters become spaces, so that no value can end its header. */
  public Headers add(String name, String value) {
    values.computeIfAbsent(name.toLowerCase(Locale.ROOT), n -> new ArrayList<>()).add(clean(value));
    return this;
  }

  /** Replaces all values of a name. */
  public Headers set(String name, String value) {
    remove(name);
    return add(name, value);
  }

  public Headers remove(String name) {
    values.remove(name.toLowerCase(Locale.ROOT));
    return this;
  }

  public Optional<String> first(String name) {
    List<String> all = values.get(name.toLowerCase(Locale.ROOT));
    return all == null ? Optional.empty() : Optional.of(all.getFirst());
  }

  /** All values of a name; empty when there is none. */
  public List<String> all(String name) {
    return List.copyOf(values.getOrDefault(name.toLowerCase(Locale.ROOT), List.of()));
  }

  public boolean has(String name) {
    return values.containsKey(name.toLowerCase(Locale.ROOT));
  }

  /** The names, in lower case. */
  public Set<String> names() {
    return Set.copyOf(values.keySet());
  }

  /** A copy that can be changed on its own. */
  public Headers copy() {
    Headers copy = new Headers();
    values.forEach((name, all) -> copy.values.put(name, new ArrayList<>(all)));
    return copy;
  }

  private static String clean(String value) {
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c < ' ' && c != '\t' || c == 127) {
        return value.replaceAll("[\\x00-\\x08\\x0A-\\x1F\\x7F]", " ");
      }
    }
    return value;
  }

  @Override
  public String toString() {
    return "Headers" + values.keySet();
  }
}
