package dev.atelier.objects;

/** Whether a bucket keeps what is replaced or deleted. Once set it can be suspended, but not unset. */
public enum Versioning {
  /** Never enabled: every object is version {@code null}, and no answer names a version. */
  UNSET,
  ENABLED,
  /** New objects are version {@code null}; the versions there are stay. */
  SUSPENDED
}
