package dev.atelier.compute;

import java.util.function.Consumer;

/**
 * What is taken out of a sandbox, and bounds on it.
 *
 * @param maxBytes sum of all file sizes
 * @param maxFiles number of entries
 * @param links whether symbolic links are taken that lead to a place below the same folder
 * @param leftOut told of every entry that was not taken for what it is: its path and why
 * @param exceeded told of every entry that was not taken because of a bound, likewise
 */
public record CollectionLimits(long maxBytes, long maxFiles, boolean links, Consumer<String> leftOut,
    Consumer<String> exceeded) {

  /** Bounds on files and folders; one consumer is told of all that was not taken. */
  public CollectionLimits(long maxBytes, long maxFiles, Consumer<String> leftOut) {
    this(maxBytes, maxFiles, false, leftOut, leftOut);
  }

  /** The same, with links. */
  public CollectionLimits withLinks() {
    return new CollectionLimits(maxBytes, maxFiles, true, leftOut, exceeded);
  }

  /** What {@link #exceeded} hears of a file that does not fit. */
  public String overBytes(String name) {
    return name + ": over the limit of " + maxBytes + " bytes";
  }

  /** What {@link #exceeded} hears of an entry that does not fit. */
  public String overFiles(String name) {
    return name + ": more than " + maxFiles + " entries";
  }
}
