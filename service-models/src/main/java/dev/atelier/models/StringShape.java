package dev.atelier.models;

import java.util.List;
import java.util.Optional;

/**
 * A string.
 *
 * @param values the permitted values of an enum, empty for a free string
 * @param pattern what the whole value has to match
 */
public record StringShape(String name, List<String> values, Optional<BoundedPattern> pattern, Length length,
    boolean sensitive) implements Shape {}
