package dev.atelier.compute.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.atelier.compute.Feed;
import dev.atelier.compute.Feed.Piece;
import dev.atelier.compute.Mount;
import dev.atelier.compute.WorkloadSpec;
import dev.atelier.compute.WorkloadState;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Channels that programs read as FIFOs. */
class FeedsTest {
  private static final String DATA = "/opt/ml/input/data";

  @TempDir Path folder;
  private Bench bench;

  @BeforeEach
  void open() {
    bench = new Bench(folder.resolve("run"));
  }

  @AfterEach
  void close() {
    bench.close();
  }

  private Piece file(String name, String content) throws IOException {
    return new Piece.Content(Files.writeString(folder.resolve(name), content), false);
  }

  private static Feed feed(String name, boolean recordIo, Piece... pieces) {
    return new Feed(name, List.of(pieces).stream().map(List::of).toList(), recordIo, false, 0, 0, 1);
  }

  private WorkloadSpec run(String script, Feed... feeds) {
    WorkloadSpec spec = Specs.isolated("feeds", Specs.python(script, 0, new Mount.Feeds(DATA, List.of(feeds)),
        new Mount.Files(DATA + "/static", Map.of())));
    bench.backend.start(spec);
    return spec;
  }

  private String ended(WorkloadSpec spec) {
    assertThat(bench.events.ended(spec.id(), "algo-1")).isInstanceOfSatisfying(WorkloadState.Exited.class,
        exited -> assertThat(exited.exitCode()).as(bench.log(spec)).isZero());
    return bench.log(spec);
  }

  @Test
  void everyEpochIsTheWholeFeedBesideOtherChannels() throws IOException {
    Path zipped = folder.resolve("zipped");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(zipped))) {
      out.write("three\n".getBytes());
    }
    String log = ended(run("""
        import os
        print(sorted(os.listdir('/opt/ml/input/data')))
        for epoch in range(3):
            print(open('/opt/ml/input/data/train_%d' % epoch).read())
        first = open('/opt/ml/input/data/other_0')
        print(first.read(2), end='|')
        first.close()
        print(open('/opt/ml/input/data/other_1').read())
        """, feed("train", false, file("a", "one\n"), file("b", "two\n"), new Piece.Content(zipped, true)),
        feed("other", false, new Piece.Text("x".repeat(3_000_000)), new Piece.Text("end"))));
    assertThat(log).contains("['other_0', 'static', 'train_0']").contains("one\ntwo\nthree\n\n".repeat(3))
        .contains("xx|xxx").endsWith("xend\n");
  }

  @Test
  void recordsAreFramed() throws IOException {
    String log = ended(run("""
        print(open('/opt/ml/input/data/train_0', 'rb').read().hex())
        """, feed("train", true, file("a", "abcde"), new Piece.Text("1"))));
    assertThat(log).contains("0a23d7ce" + "05000000" + "6162636465" + "000000"
        + "0a23d7ce" + "01000000" + "31" + "000000");
  }

  @Test
  void ordersAreDrawnAnewAndDealtOutToShards() throws IOException {
    List<List<Piece>> entries = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      entries.add(List.of(new Piece.Text(i + ":"), new Piece.Text("a\n")));
    }
    String script = """
        print([open('/opt/ml/input/data/train_%d' % epoch).read().split() for epoch in range(2)] ==
              [open('/opt/ml/input/data/again_%d' % epoch).read().split() for epoch in range(2)])
        rest = open('/opt/ml/input/data/rest_0').read().split()
        both = open('/opt/ml/input/data/part_0').read().split() + rest
        print(len(set(both)), rest == sorted(rest), all(line.endswith(':a') for line in both))
        print(rest == open('/opt/ml/input/data/rest_1').read().split())
        """;
    String log = ended(run(script, new Feed("train", entries, false, true, 7, 0, 1),
        new Feed("again", entries, false, true, 7, 0, 1), new Feed("part", entries, false, true, 7, 0, 2),
        new Feed("rest", entries, false, true, 7, 1, 2)));
    assertThat(log).contains("True\n20 False True\nFalse\n");
  }

  @Test
  void whatCannotBeReadEndsTheHostAndNeverAnEpoch() throws IOException {
    Path broken = Files.writeString(folder.resolve("broken"), "not gzip");
    WorkloadSpec spec = run("""
        print('read', len(open('/opt/ml/input/data/train_0').read()))
        """, feed("train", false, file("a", "one"), new Piece.Content(broken, true)));
    assertThat(bench.events.ended(spec.id(), "algo-1")).isInstanceOf(WorkloadState.Exited.class);
    assertThat(bench.log(spec)).contains("atelier: the input of channel train failed: ").doesNotContain("read 3");
  }

  private long sandbox() {
    return Identity.read(folder.resolve("run/run/feeds/algo-1/identity")).orElseThrow().pid();
  }

  private ProcessHandle feeder() {
    return ProcessHandle.of(sandbox()).orElseThrow().children()
        .filter(each -> each.info().commandLine().orElse("").contains("feeder.py")).findFirst().orElseThrow();
  }

  @Test
  void theFeederIsUnderTheLimitsOfItsHost() throws Exception {
    assumeTrue(bench.backend.notLimited().isEmpty(), "this machine limits nothing");
    WorkloadSpec spec = run("""
        import time
        print(open('/opt/ml/input/data/train_0').read(4), flush=True)
        time.sleep(600)
        """, feed("train", false, new Piece.Text("y".repeat(5_000_000))));
    Bench.await("it reads", () -> bench.log(spec).contains("yyyy"));
    String groups = Files.readString(Path.of("/proc/" + feeder().pid() + "/cgroup"));
    assertThat(groups).contains("/feeds.algo-1").isEqualTo(Files.readString(Path.of("/proc/" + sandbox() + "/cgroup")));
  }

  @Test
  void aFeederThatIsKilledEndsTheHostAndNeverAnEpoch() throws Exception {
    WorkloadSpec spec = run("""
        data = open('/opt/ml/input/data/train_0')
        print(data.read(4), flush=True)
        print('read', len(data.read()))
        """, feed("train", false, new Piece.Text("y".repeat(50_000_000))));
    Bench.await("it reads", () -> bench.log(spec).contains("yyyy"));
    feeder().destroyForcibly();
    assertThat(bench.events.ended(spec.id(), "algo-1")).isInstanceOf(WorkloadState.Exited.class);
    assertThat(bench.log(spec)).contains("atelier: No input: the feeder of its channels was ended");
    assertThat(bench.log(spec)).doesNotContain("read ");
  }

  @Test
  void programsCannotPutAnythingInAFifosPlace() throws IOException {
    String log = ended(run("""
        import os
        for act in (lambda: os.unlink('/opt/ml/input/data/train_0'),
                    lambda: os.symlink('/etc/passwd', '/opt/ml/input/data/train_9'),
                    lambda: os.rename('/opt/ml/input/data/train_0', '/opt/ml/input/data/x')):
            try:
                act()
                print('done')
            except OSError as e:
                print(e.errno)
        """, feed("train", false, file("a", "one"))));
    assertThat(log).isEqualTo("30\n30\n30\n");
  }
}
