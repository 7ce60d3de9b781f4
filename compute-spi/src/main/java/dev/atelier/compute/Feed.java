package dev.atelier.compute;

import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What a program reads as a stream, over and over: {@code <name>_0} is a FIFO with all of it, {@code <name>_1} has it
 * again, and so on, one epoch each. The next FIFO is there as soon as one is being read.
 *
 * @param name of the channel
 * @param entries what comes one after the other; the pieces of an entry stay together
 * @param recordIo whether each piece is wrapped in a record of MXNet's RecordIO, else the pieces follow each other bare
 * @param shuffled whether every epoch has an order of its own
 * @param seed of those orders
 * @param shard which part of the entries, dealt out after they were shuffled, this host has: from 0
 * @param shards how many parts there are
 */
public record Feed(
    String name, List<List<Piece>> entries, boolean recordIo, boolean shuffled, long seed, int shard, int shards) {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9.\\-_]{1,64}");

  /** A part of an entry. */
  public sealed interface Piece {
    /**
     * The content of an immutable file of this machine.
     *
     * @param gzip whether it is to be decompressed
     */
    record Content(Path file, boolean gzip) implements Piece {}

    /** A text of its own, in UTF-8. */
    record Text(String text) implements Piece {}
  }

  public Feed {
    entries = entries.stream().map(List::copyOf).toList();
    if (!NAME.matcher(name).matches() || name.startsWith(".")) {
      throw new IllegalArgumentException("not a channel's name: " + name);
    }
    if (shards < 1 || shard < 0 || shard >= shards) {
      throw new IllegalArgumentException("no such shard: " + shard + " of " + shards);
    }
  }
}
