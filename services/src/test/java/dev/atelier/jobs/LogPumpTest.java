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
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class LogPumpTest {
  private final FakeComputeBackend backend = new FakeComputeBackend(host -> Script.running("a line\n"), Clock.systemUTC());
  private final AtomicLong times = new AtomicLong();
  private final List<String> lines = new CopyOnWriteArrayList<>();

  /** Of a host that prints faster than anybody reads: there is always more. */
  private final class Flooded implements LogSink.Stream {
    @Override
    public long sourceOffset() {
      return 0;
    }

    @Override
    public void appendOnce(List<LogSink.Line> told) {}

    @Override
    public boolean append(List<LogSink.Line> added, long from, long to) {
      times.incrementAndGet();
      return true;
    }
  }

  private final class Kept implements LogSink.Stream {
    private volatile long offset;

    @Override
    public long sourceOffset() {
      return offset;
    }

    @Override
    public void appendOnce(List<LogSink.Line> told) {}

    @Override
    public boolean append(List<LogSink.Line> added, long from, long to) {
      added.forEach(line -> lines.add(line.text()));
      offset = to;
      return true;
    }
  }

  @Test
  void aFloodLeavesTheOthersTheirTurn() {
    WorkloadId id = new WorkloadId("job");
    backend.start(new WorkloadSpec(id, "arn", List.of(host("flood"), host("quiet")), NetworkPolicy.ISOLATED));
    try (LogPump pump = new LogPump(backend, Clock.systemUTC())) {
      pump.follow(id, "flood", new Flooded());
      JobBench.await("the flood is read", () -> times.get() > 100);
      pump.follow(id, "quiet", new Kept());
      JobBench.await("the other host is read", () -> !lines.isEmpty());
      assertThat(lines).containsExactly("a line");
      long before = times.get();
      JobBench.await("the flood goes on", () -> times.get() > before + 100);
    }
  }

  private static HostSpec host(String name) {
    return new HostSpec(name, new Image.Layered(List.of(), Map.of()), List.of("x"), Map.of(), "/", List.of(),
        new Resources(2, 1 << 20, 0, 10, 1 << 20), 0, 1000, 1000);
  }
}
