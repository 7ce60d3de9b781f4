package dev.atelier.models;

/** Bytes; {@code length} bounds them before any encoding. */
public record BlobShape(String name, Length length, boolean sensitive, boolean streaming) implements Shape {}
