package dev.atelier.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atelier.compute.FakeComputeBackend;
import dev.atelier.compute.FakeComputeBackend.Script;
import dev.atelier.compute.HostSpec;
import dev.atelier.compute.Image;
import dev.atelier.compute.NetworkPolicy;
import dev.atelier.compute.Resources;
import dev.atelier.compute.WorkloadId;
import dev.atelier.compute.WorkloadSpec;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OutputLinesTest {
  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
  private static final WorkloadId ID = new WorkloadId("job");
  private static final String HOST = "algo-1";

  private final FakeComputeBackend backend = new FakeComputeBackend(host -> Script.running(""), Clock.systemUTC());
  private final Clock clock = Clock.fixed(NOW, ZoneOffset.UTC);

  OutputLinesTest() {
    backend.start(new WorkloadSpec(ID, "arn", List.of(new HostSpec(HOST, new Image.Layered(List.of(), Map.of()),
        List.of("x"), Map.of(), "/", List.of(), new Resources(2, 1 << 20, 0, 10, 1 << 20), 0, 1000, 1000)),
        NetworkPolicy.ISOLATED));
  }

  private void printed(String text, long secondsAgo) {
    backend.print(ID, HOST, text);
    backend.noteTime(ID, HOST, NOW.minusSeconds(secondsAgo));
  }

  private OutputLines lines() {
    return new OutputLines(backend, ID, HOST, clock);
  }

  private static List<String> told(OutputLines.Chunk chunk) {
    return chunk.lines().stream()
        .map(line -> line.text() + " " + (NOW.getEpochSecond() - line.at().getEpochSecond())).toList();
  }

  @Test
  void linesHaveTheTimeOfTheirWriting() {
    printed("one\ntwo\nth", 500);
    printed("ree\n", 300);
    backend.print(ID, HOST, "four\nfive");
    OutputLines lines = lines();
    assertThat(told(lines.read(0, false))).containsExactly("one 500", "two 500", "three 300", "four 0");
    assertThat(told(lines().read(4, true))).containsExactly("two 500", "three 300", "four 0", "five 0");
    // followed since: as it is read
    backend.noteTime(ID, HOST, NOW.minusSeconds(100));
    assertThat(told(lines.read(19, true))).containsExactly("five 0");
    assertThat(told(lines().read(19, true))).containsExactly("five 100");
  }

  @Test
  void aLineThatIsTooLongComesInParts() {
    backend.print(ID, HOST, "a".repeat(300 << 10) + "\r\nshort\n");
    List<Integer> lengths = new ArrayList<>();
    List<Integer> told = new ArrayList<>();
    OutputLines lines = lines();
    long offset = 0;
    for (OutputLines.Chunk chunk = lines.read(0, true); chunk.to() > offset; chunk = lines.read(offset, true)) {
      offset = chunk.to();
      chunk.lines().forEach(line -> lengths.add(line.text().length()));
      chunk.parts().stream().filter(OutputLines.Part::first).forEach(part -> told.add(part.line().text().length()));
    }
    assertThat(lengths.stream().mapToInt(Integer::intValue).sum()).isEqualTo((300 << 10) + 5);
    assertThat(told).containsExactly((64 << 10) + 1, 5);
  }
}
