package dev.atelier.objects;

import java.time.Instant;

/** One entry in the history of a key: an object, or the mark that it was deleted. */
public sealed interface ObjectVersion permits StoredObject, DeleteMarker {
  String bucket();

  String key();

  /** 32 opaque characters, or {@code null} for what was stored while versions were not kept. */
  String version();

  Instant lastModified();
}
