package dev.atelier.metadata;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rows that a process acknowledged before kill -9 are there afterwards. */
class KilledWriterTest {
  private static final int ENOUGH = 500;

  @TempDir Path folder;

  /** Inserts rows from several threads and prints each id once its write has returned. */
  static final class Writer {
    private Writer() {}

    public static void main(String[] arguments) {
      MetadataStore store = MetadataStore.open(Path.of(arguments[0]), "db/test");
      AtomicInteger next = new AtomicInteger(Integer.parseInt(arguments[1]));
      for (int i = 0; i < 4; i++) {
        Thread.ofPlatform().start(() -> {
          while (true) {
            int id = next.getAndIncrement();
            store.write(handle -> handle.execute("INSERT INTO item VALUES (?, 'o', 'n', 's', 0)", id));
            synchronized (System.out) {
              System.out.println(id);
            }
          }
        });
      }
    }
  }

  @Test
  void acknowledgedRowsSurviveKill() throws Exception {
    Path file = folder.resolve("killed.db");
    Set<Integer> acknowledged = new HashSet<>();
    for (int round = 0; round < 3; round++) {
      acknowledged.addAll(runAndKill(file, round * 1_000_000));
      try (MetadataStore store = MetadataStore.open(file, "db/test")) {
        Set<Integer> stored = store.read(handle ->
            new HashSet<>(handle.createQuery("SELECT id FROM item").mapTo(Integer.class).list()));
        assertThat(stored).containsAll(acknowledged);
      }
    }
  }

  private static List<Integer> runAndKill(Path file, int first) throws IOException, InterruptedException {
    Process writer = new ProcessBuilder(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(), "--enable-native-access=ALL-UNNAMED",
        "-cp", System.getProperty("java.class.path"), Writer.class.getName(), file.toString(), Integer.toString(first))
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
    List<Integer> acknowledged = new ArrayList<>();
    try (BufferedReader lines = writer.inputReader()) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        acknowledged.add(Integer.parseInt(line));
        if (acknowledged.size() == ENOUGH) {
          // By the handle: Process.destroyForcibly closes the stream, and what was acknowledged last would go unseen.
          writer.toHandle().destroyForcibly();
        }
      }
    }
    // The kill may have torn the last line into another number.
    acknowledged.removeLast();
    assertThat(writer.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(writer.exitValue()).isEqualTo(137);
    return acknowledged;
  }
}
