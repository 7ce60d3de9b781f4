package dev.atelier.compute.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atelier.compute.LogTimes;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the keeper notes of a log, and what is read of it. */
class LogTimesTest {
  @TempDir Path folder;

  @BeforeEach
  void lay() throws Exception {
    try (InputStream module = LogTimesTest.class.getResourceAsStream("log_times.py")) {
      Files.copy(module, folder.resolve("log_times.py"));
    }
  }

  private LogTimes noted(String program) throws Exception {
    Process python = new ProcessBuilder("python3", "-c", """
        import os, log_times
        log = os.open("log", os.O_CREAT | os.O_WRONLY)
        file = os.open("times", os.O_CREAT | os.O_RDWR)
        waits = []
        times = log_times.LogTimes(log, file, lambda seconds, action: waits.append((seconds, action)))
        """ + program).directory(folder.toFile()).redirectErrorStream(true).start();
    String said = new String(python.getInputStream().readAllBytes());
    assertThat(python.waitFor()).as(said).isZero();
    return new HostFolder(folder).logTimes();
  }

  private static Instant second(long number) {
    return Instant.ofEpochSecond(number);
  }

  @Test
  void aByteHasTheTimeOfTheFirstPairThatCountsIt() throws Exception {
    assertThat(new HostFolder(folder).logTimes().reached(1)).isEmpty();
    LogTimes times = noted("""
        times.note(10, 1000)
        times.note(25, 2000)
        """);
    assertThat(List.of(1L, 10L, 11L, 25L)).extracting(length -> times.reached(length).orElseThrow())
        .containsExactly(second(1), second(1), second(2), second(2));
    assertThat(times.reached(26)).isEmpty();
  }

  @Test
  void aGrowingLogIsNotedOnceASecondAndAtItsEnd() throws Exception {
    Instant before = Instant.now().minusMillis(1);
    LogTimes times = noted("""
        os.write(log, b"one")
        times.grew()
        os.write(log, b"two")
        times.grew()
        assert [seconds for seconds, _ in waits] == [1.0], waits
        waits.pop()[1]()
        times.end()
        assert len(times.sizes) == 1
        os.write(log, b"three")
        times.grew()
        times.end()
        waits.pop()[1]()
        assert len(times.sizes) == 2
        """);
    assertThat(times.reached(11).orElseThrow()).isBetween(before, Instant.now());
    assertThat(times.reached(6).orElseThrow()).isBetween(before, times.reached(11).orElseThrow());
    assertThat(times.reached(12)).isEmpty();
  }

  @Test
  void ofDaysTheLatestHourIsKeptByTheSecondAndTheRestMoreRoughly() throws Exception {
    int days = 3 * 86_400;
    LogTimes times = noted("""
        for second in range(1, %d + 1):
            times.note(10 * second, 1000 * second)
        assert len(times.sizes) <= 16384
        """.formatted(days));
    assertThat(Files.size(folder.resolve("times"))).isLessThanOrEqualTo(16_385 * 16L);
    for (int at = 1; at <= days; at++) {
      long late = times.reached(10L * at).orElseThrow().getEpochSecond() - at;
      int ago = days - at;
      assertThat(late).as("%d seconds ago", ago).isBetween(0L, ago < 3600 ? 0L : 1 + ago / 512L);
    }
  }

  @Test
  void aClockThatGoesBackKeepsTheFileBounded() throws Exception {
    LogTimes times = noted("""
        for second in range(1, 50_000):
            times.note(10 * second, 1000 * (50_000 - second))
            assert len(times.sizes) <= 16384
        """);
    assertThat(times.reached(499_990)).contains(second(1));
  }

  @Test
  void whatAFullDiskTookAwayIsNotedLater() throws Exception {
    LogTimes times = noted("""
        real, times.file = times.file, -1
        times.note(10, 1000)
        times.file = real
        times.note(20, 2000)
        """);
    assertThat(times.reached(10)).contains(second(1));
    assertThat(times.reached(20)).contains(second(2));
  }
}
