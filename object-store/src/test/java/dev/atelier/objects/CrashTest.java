package dev.atelier.objects;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills, power cuts and failing disks at every step of every change leave what was acknowledged, and nothing else.
 * {@code -Datelier.crash.iterations}, {@code .seed} and {@code .plant} make it a longer run, of the suite s3-crash.
 */
class CrashTest {
  private static final int ITERATIONS = Integer.getInteger("atelier.crash.iterations", 150);
  private static final long SEED = Long.getLong("atelier.crash.seed", 20_261);

  @TempDir Path folder;

  @Test
  void whatWasAcknowledgedSurvivesEveryFault() throws IOException {
    String plant = System.getProperty("atelier.crash.plant", "");
    CrashRun run = run(SEED, plant);
    System.out.println("reached: " + run.reached);
    System.out.println("crash-model: iterations=" + (run.crashes + run.faults) + " crashes=" + run.crashes + " faults=" + run.faults
        + " lost=" + run.counts.get("lost") + " phantom=" + run.counts.get("phantom") + " torn="
        + run.counts.get("torn") + " wrong=" + run.counts.get("wrong") + " seed=" + SEED);
    assertThat(run.counts).as("seed %d", SEED)
        .isEqualTo(Map.of("lost", 0, "phantom", 0, "torn", 0, "wrong", 0));
  }

  /** Ends with the first thing wrong: what follows from it says nothing more. */
  private CrashRun run(long seed, String plant) throws IOException {
    FaultyDisk.Lie lie = switch (plant) {
      case "lost" -> FaultyDisk.Lie.NAMES;
      case "torn" -> FaultyDisk.Lie.CONTENT;
      default -> FaultyDisk.Lie.NONE;
    };
    try (CrashRun run = new CrashRun(folder, seed, lie)) {
      boolean right = true;
      for (int i = 0; i < ITERATIONS && right; i++) {
        if (plant.equals("phantom") && i == ITERATIONS / 2) {
          run.plantPhantom();
        }
        right = run.iteration();
      }
      return run;
    }
  }
}
