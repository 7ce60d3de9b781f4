package dev.atelier.compute;

import java.util.function.Consumer;

/**
 * Bounds on what is taken out of a sandbox.
 *
 * @param maxBytes sum of all file sizes
 * @param maxFiles number of entries
 * @param leftOut told of every entry that was not taken: its path and why
 */
public record CollectionLimits(long maxBytes, long maxFiles, Consumer<String> leftOut) {}
