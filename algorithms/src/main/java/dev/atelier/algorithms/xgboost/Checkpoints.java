package dev.atelier.algorithms.xgboost;

import dev.atelier.algorithms.MlFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The model after each of the last rounds, as {@code xgboost-checkpoint.<round>}. */
final class Checkpoints {
  private static final String NAME = "xgboost-checkpoint.";
  private static final Pattern SHAPE = Pattern.compile("xgboost-checkpoint\\.(\\d{1,9})");
  private static final int KEPT = 5;
  /** Writes shorter than this happen in every round; longer ones take at most a fifth of the time. */
  private static final long SHORT_NANOS = 20_000_000;

  private final Path folder;
  private long lastEnd;
  private long lastTook;

  /** A checkpoint that was found. */
  record Checkpoint(Path file, int round) {}

  Checkpoints(Path folder) {
    this.folder = folder;
  }

  Optional<Checkpoint> newest() {
    List<Checkpoint> all = all();
    return all.isEmpty() ? Optional.empty() : Optional.of(all.getLast());
  }

  /** Whether a round's checkpoint is worth its time now. */
  boolean due() {
    return lastTook < SHORT_NANOS || System.nanoTime() - lastEnd >= 4 * lastTook;
  }

  void save(int round, byte[] model) {
    long start = System.nanoTime();
    MlFolder.writeWhole(folder.resolve(NAME + round), model);
    List<Checkpoint> all = all();
    for (Checkpoint old : all.subList(0, Math.max(0, all.size() - KEPT))) {
      try {
        Files.deleteIfExists(old.file());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    lastEnd = System.nanoTime();
    lastTook = lastEnd - start;
  }

  private List<Checkpoint> all() {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(Files::isRegularFile).flatMap(file -> checkpoint(file).stream())
          .sorted(Comparator.comparingInt(Checkpoint::round)).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Optional<Checkpoint> checkpoint(Path file) {
    Matcher shape = SHAPE.matcher(file.getFileName().toString());
    return shape.matches() ? Optional.of(new Checkpoint(file, Integer.parseInt(shape.group(1)))) : Optional.empty();
  }
}
