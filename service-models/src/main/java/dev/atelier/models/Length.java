package dev.atelier.models;

/** Inclusive bounds of a length: code points of a string, bytes of a blob, entries of a list or map. */
public record Length(long min, long max) {
  public static final Length ANY = new Length(0, Long.MAX_VALUE);
}
