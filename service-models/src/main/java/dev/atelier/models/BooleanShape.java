package dev.atelier.models;

/** A boolean. */
public record BooleanShape(String name) implements Shape {}
