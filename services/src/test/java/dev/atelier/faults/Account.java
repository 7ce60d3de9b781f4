package dev.atelier.faults;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Counts what was lost, duplicated, stuck or otherwise wrong, with a sentence for each. */
final class Account {
  private final Map<String, List<String>> blames = new TreeMap<>();

  Account() {
    for (String kind : List.of("lost", "duplicated", "stuck", "wrong", "orphans")) {
      blames.put(kind, new ArrayList<>());
    }
  }

  void blame(String kind, String sentence) {
    blames.get(kind).add(sentence);
  }

  List<String> of(String kind) {
    return List.copyOf(blames.get(kind));
  }

  /** Everything with its kind before it. */
  List<String> all() {
    List<String> all = new ArrayList<>();
    blames.forEach((kind, sentences) -> sentences.forEach(each -> all.add(kind + ": " + each)));
    return all;
  }

  /** The counts, as in {@code lost=0 duplicated=0}. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    for (String kind : List.of("lost", "duplicated", "stuck", "wrong", "orphans")) {
      text.append(' ').append(kind).append('=').append(blames.get(kind).size());
    }
    return text.substring(1);
  }
}
