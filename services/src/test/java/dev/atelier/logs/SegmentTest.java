package dev.atelier.logs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atelier.segments.SegmentFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SegmentTest {
  @TempDir Path folder;

  private static List<LogEvent> line(String text) {
    return List.of(new LogEvent(1, 1, text));
  }

  private static List<String> texts(Segment segment) {
    return segment.read(0, 100, 0, Long.MAX_VALUE).stream().map(placed -> placed.event().message()).toList();
  }

  @Test
  void bytesThatTwoReadersCarryAreAddedOnceAndOwnLinesMoveNothing() throws IOException {
    try (Segment segment = new Segment(folder.resolve("s"))) {
      assertThat(segment.append(line("a"), 0, 2)).isTrue();
      segment.append(line("atelier says"));
      assertThat(segment.append(line("a"), 0, 2)).isFalse();
      assertThat(segment.append(line("b"), 2, 4)).isTrue();
      assertThat(texts(segment)).containsExactly("a", "atelier says", "b");
      assertThat(segment.sourceOffset()).isEqualTo(4);
    }
  }

  @Test
  void whatAnInterruptLeftUnforcedDoesNotCountAsDurable() throws IOException {
    Path file = folder.resolve("s");
    Segment segment = new Segment(file);
    segment.append(line("a"), 0, 2);
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> texts(segment)).isInstanceOf(SegmentFile.Closed.class);
    assertThat(Thread.interrupted()).isTrue();
    Path kept = Files.move(file, folder.resolve("kept"));
    Files.createDirectory(file);
    assertThatThrownBy(segment::force).isInstanceOf(UncheckedIOException.class);
    Files.delete(file);
    Files.move(kept, file);
    segment.close();
    try (Segment again = new Segment(file)) {
      assertThat(texts(again)).containsExactly("a");
    }
  }

  @Test
  void aDeletedSegmentHasNothingLeftToForce() throws IOException {
    Path file = folder.resolve("s");
    Segment segment = new Segment(file);
    segment.append(line("a"), 0, 2);
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> texts(segment)).isInstanceOf(SegmentFile.Closed.class);
    assertThat(Thread.interrupted()).isTrue();
    Files.delete(file);
    segment.close();
    assertThat(file).doesNotExist();
  }

  @Test
  void aFrameCutShortIsCutOffWithItsOffset() throws IOException {
    Path file = folder.resolve("s");
    long whole;
    try (Segment segment = new Segment(file)) {
      segment.append(line("a"), 0, 2);
      segment.force();
      whole = Files.size(file);
      segment.append(line("b"), 2, 4);
    }
    try (var channel = Files.newByteChannel(file, StandardOpenOption.WRITE)) {
      channel.truncate(Files.size(file) - 1);
    }
    try (Segment segment = new Segment(file)) {
      assertThat(texts(segment)).containsExactly("a");
      assertThat(segment.sourceOffset()).isEqualTo(2);
      assertThat(Files.size(file)).isEqualTo(whole);
      assertThat(segment.append(line("b"), 2, 4)).isTrue();
    }
    try (Segment segment = new Segment(file)) {
      assertThat(texts(segment)).containsExactly("a", "b");
    }
  }
}
