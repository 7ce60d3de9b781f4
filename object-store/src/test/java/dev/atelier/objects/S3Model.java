package dev.atelier.objects;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** What a store should hold, or was seen to hold: every version of every key, newest first, and every upload. */
record S3Model(Map<String, Versioning> versioning, TreeMap<Key, List<Entry>> entries, TreeMap<String, Open> uploads) {
  /** An id that the store is about to choose. */
  static final String NEW = "?";
  /** The digest of content whose file is not there. */
  static final String MISSING = "missing";

  S3Model() {
    this(new HashMap<>(), new TreeMap<>(), new TreeMap<>());
  }

  record Key(String bucket, String key) implements Comparable<Key> {
    @Override
    public int compareTo(Key other) {
      return Comparator.comparing(Key::bucket).thenComparing(Key::key).compare(this, other);
    }
  }

  /** A version; without a digest, it is a delete marker. */
  record Entry(String version, Optional<String> digest, String etag, ObjectAttributes attributes) {
    static Entry marker(String version) {
      return new Entry(version, Optional.empty(), "", ObjectAttributes.NONE);
    }

    Entry as(String other) {
      return new Entry(other, digest, etag, attributes);
    }
  }

  record Open(Key key, ObjectAttributes attributes, TreeMap<Integer, Part> parts) {
    Open copy() {
      return new Open(key, attributes, new TreeMap<>(parts));
    }
  }

  record Part(String digest, String etag, long size) {}

  S3Model copy() {
    S3Model copy = new S3Model(new HashMap<>(versioning), new TreeMap<>(), new TreeMap<>());
    entries.forEach((key, list) -> copy.entries.put(key, new ArrayList<>(list)));
    uploads.forEach((id, open) -> copy.uploads.put(id, open.copy()));
    return copy;
  }

  List<Entry> of(Key key) {
    return entries.getOrDefault(key, List.of());
  }

  /** Stores as the bucket's versioning has it. */
  void add(Key key, Entry entry) {
    List<Entry> list = entries.computeIfAbsent(key, none -> new ArrayList<>());
    switch (versioning.get(key.bucket())) {
      case UNSET -> {
        list.clear();
        list.add(entry.as(VersionId.NULL));
      }
      case ENABLED -> list.addFirst(entry.as(NEW));
      case SUSPENDED -> {
        list.removeIf(old -> old.version().equals(VersionId.NULL));
        list.addFirst(entry.as(VersionId.NULL));
      }
    }
  }

  void delete(Key key) {
    if (versioning.get(key.bucket()) == Versioning.UNSET) {
      entries.remove(key);
    } else {
      add(key, Entry.marker(NEW));
    }
  }

  void remove(Key key, String version) {
    List<Entry> list = entries.get(key);
    list.removeIf(entry -> entry.version().equals(version));
    if (list.isEmpty()) {
      entries.remove(key);
    }
  }

  /** The same with the ids that the store chose, as far as {@code seen} has something in their place. */
  S3Model named(S3Model seen) {
    S3Model named = copy();
    named.entries.forEach((key, list) -> list.replaceAll(entry -> entry.version().equals(NEW)
        && !seen.of(key).isEmpty() && of(key).stream().noneMatch(
            other -> other.version().equals(seen.of(key).getFirst().version()))
        ? entry.as(seen.of(key).getFirst().version()) : entry));
    Open fresh = named.uploads.remove(NEW);
    if (fresh != null) {
      named.uploads.put(seen.uploads.keySet().stream().filter(id -> !uploads.containsKey(id)).findFirst().orElse(NEW),
          fresh);
    }
    return named;
  }

  /** The same with these ids: of new versions by key, and of a new upload by {@code none}. */
  S3Model named(Map<Key, String> ids, Key none) {
    S3Model named = copy();
    named.entries.forEach((key, list) -> list.replaceAll(entry ->
        entry.version().equals(NEW) ? entry.as(ids.get(key)) : entry));
    Open fresh = named.uploads.remove(NEW);
    if (fresh != null) {
      named.uploads.put(ids.get(none), fresh);
    }
    return named;
  }

  /** How a seen store differs from both of what it may be; empty when it is one of them. */
  static List<String> blame(S3Model before, S3Model after, S3Model seen) {
    S3Model done = after.named(seen);
    if (seen.equals(before) || seen.equals(done)) {
      return List.of();
    }
    List<String> blames = new ArrayList<>();
    Set<Key> keys = new HashSet<>(before.entries.keySet());
    keys.addAll(done.entries.keySet());
    keys.addAll(seen.entries.keySet());
    for (Key key : keys) {
      if (!seen.of(key).equals(before.of(key)) && !seen.of(key).equals(done.of(key))) {
        blameKey(key, before.of(key), done.of(key), seen.of(key), blames);
      }
    }
    blameUploads(before, done, seen, blames);
    if (blames.isEmpty()) {
      blames.add("wrong: neither what was before nor what was asked for");
    }
    return blames;
  }

  private static void blameKey(Key key, List<Entry> before, List<Entry> done, List<Entry> seen, List<String> blames) {
    int already = blames.size();
    for (Entry entry : before) {
      if (done.stream().anyMatch(other -> other.version().equals(entry.version())) && find(seen, entry).isEmpty()) {
        blames.add("lost: " + key + " has no " + entry);
      }
    }
    for (Entry entry : seen) {
      List<Entry> possible = new ArrayList<>();
      find(before, entry).ifPresent(possible::add);
      find(done, entry).ifPresent(possible::add);
      if (possible.isEmpty()) {
        blames.add("phantom: " + key + " has " + entry);
      } else if (possible.stream().noneMatch(entry::equals)) {
        boolean content = possible.stream().noneMatch(each -> each.digest().equals(entry.digest()));
        blames.add((entry.digest().equals(Optional.of(MISSING)) ? "lost: " : content ? "torn: " : "wrong: ")
            + key + " has " + entry + ", not one of " + possible);
      }
    }
    if (blames.size() == already) {
      blames.add("wrong: " + key + " has its versions in the order " + seen + ", not " + before + " or " + done);
    }
  }

  private static Optional<Entry> find(List<Entry> list, Entry wanted) {
    return list.stream().filter(entry -> entry.version().equals(wanted.version())).findFirst();
  }

  private static void blameUploads(S3Model before, S3Model done, S3Model seen, List<String> blames) {
    before.uploads.forEach((id, open) -> {
      if (done.uploads.containsKey(id) && !seen.uploads.containsKey(id)) {
        blames.add("lost: upload " + id);
      }
    });
    seen.uploads.forEach((id, open) -> {
      Open old = before.uploads.get(id);
      Open now = done.uploads.get(id);
      if (old == null && now == null) {
        blames.add("phantom: upload " + id);
      } else if (!open.equals(old) && !open.equals(now)) {
        boolean missing = open.parts().values().stream().anyMatch(part -> part.digest().equals(MISSING));
        boolean fewer = old != null && !open.parts().keySet().containsAll(old.parts().keySet());
        blames.add((missing || fewer ? "lost: " : "torn: ") + "upload " + id + " has " + open + ", not "
            + Objects.requireNonNullElse(now, old));
      }
    });
  }
}
