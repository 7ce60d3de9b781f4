package dev.atelier.objects;

import java.time.Instant;

/** The mark that a key was deleted while its bucket kept versions. */
public record DeleteMarker(String bucket, String key, String version, Instant lastModified) implements ObjectVersion {}
