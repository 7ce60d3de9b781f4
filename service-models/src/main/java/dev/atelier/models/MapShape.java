package dev.atelier.models;

/** A map from strings; the names are those of the XML elements of a key and a value. */
public record MapShape(String name, ShapeRef key, ShapeRef value, String keyName, String valueName, boolean flattened,
    Length length) implements Shape {}
