package dev.atelier.compute;

import java.util.function.Consumer;

/**
 * Bounds on what is told of a sandbox's files, whose number and names its program chose.
 *
 * @param maxFiles number of files
 * @param maxNameBytes sum of the lengths of their names in UTF-8
 * @param leftOut told in a sentence of each kind of file that is not told of because of a limit
 * @param special told of everything that is neither a regular file nor a folder: its path and what it is
 */
public record ListingLimits(int maxFiles, long maxNameBytes, Consumer<String> leftOut, Consumer<String> special) {
  /** No object's key, and so no name that can be stored, is longer. */
  public static final int LONGEST_NAME_BYTES = 1_024;

  /** As the other, for whoever does not ask for what is special. */
  public ListingLimits(int maxFiles, long maxNameBytes, Consumer<String> leftOut) {
    this(maxFiles, maxNameBytes, leftOut, special -> { });
  }

  /** What {@link #leftOut} hears when there are too many files. */
  public String tooManyFiles() {
    return "more than " + maxFiles + " files: those above that are left out";
  }

  /** What {@link #leftOut} hears when the names are too long together. */
  public String tooManyNameBytes() {
    return "file names of more than " + maxNameBytes + " bytes in all: the files above that are left out";
  }

  /** What {@link #leftOut} hears of names that nothing can be stored under. */
  public static String tooLong(long files) {
    return files + " files with names longer than " + LONGEST_NAME_BYTES + " bytes are left out";
  }

  /** What {@link #leftOut} hears of names that are no text. */
  public static String noText(long files) {
    return files + " files with names that are not UTF-8 are left out";
  }
}
