package dev.atelier.algorithms;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Collectors;

/** A folder as the platform lays it out for a training job, and the log of the program that ran on it. */
public final class TestJob {
  private final ByteArrayOutputStream output = new ByteArrayOutputStream();
  public final MlFolder folder;
  public final AlgorithmLog log = new AlgorithmLog(new PrintStream(output, true, StandardCharsets.UTF_8),
      Clock.fixed(Instant.parse("2026-11-21T04:44:00Z"), ZoneOffset.UTC));

  public TestJob(Path root) {
    folder = new MlFolder(root);
  }

  public TestJob hyperparameters(Map<String, String> values) {
    return write("input/config/hyperparameters.json", values.entrySet().stream()
        .map(entry -> "\"" + entry.getKey() + "\": \"" + entry.getValue() + "\"")
        .collect(Collectors.joining(",", "{", "}")));
  }

  public TestJob channels(String contentType, String... names) {
    return write("input/config/inputdataconfig.json", List.of(names).stream().map(name -> "\"" + name
            + "\": {\"TrainingInputMode\": \"File\", \"S3DistributionType\": \"FullyReplicated\""
            + (contentType.isEmpty() ? "" : ", \"ContentType\": \"" + contentType + "\"") + "}")
        .collect(Collectors.joining(",", "{", "}")));
  }

  public TestJob write(String path, String text) {
    try {
      Path file = folder.root().resolve(path);
      Files.createDirectories(file.getParent());
      Files.writeString(file, text);
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public int train() {
    return Program.train(folder, log, new Termination());
  }

  public String failure() throws IOException {
    return Files.readString(folder.root().resolve("output/failure"));
  }

  public List<String> lines() {
    return output.toString(StandardCharsets.UTF_8).lines().toList();
  }

  /** Lines that name a round. */
  public List<String> rounds() {
    return lines().stream().filter(line -> line.matches("\\[\\d+].*")).toList();
  }

  /** Rows {@code y, x0, x1, x2} with y = 3·x0 - 2·x1 plus a little noise. */
  public static String linearRows(int count, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    StringBuilder text = new StringBuilder();
    for (int row = 0; row < count; row++) {
      double a = random.nextDouble();
      double b = random.nextDouble();
      text.append(3 * a - 2 * b + 0.01 * random.nextDouble()).append(',').append(a).append(',').append(b).append(',')
          .append(random.nextDouble()).append('\n');
    }
    return text.toString();
  }
}
