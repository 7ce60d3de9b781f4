package dev.atelier.models;

/**
 * A list.
 *
 * @param elementName the XML or Query name of one element, {@code member} by default
 */
public record ListShape(String name, ShapeRef element, String elementName, boolean flattened, Length length)
    implements Shape {}
