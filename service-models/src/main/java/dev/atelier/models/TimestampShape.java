package dev.atelier.models;

import java.util.Optional;

/** A point in time; {@code format} is iso8601, rfc822 or unixTimestamp, and the protocol's own where it is empty. */
public record TimestampShape(String name, Optional<String> format) implements Shape {}
