package dev.atelier.compute.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atelier.compute.HostFile;
import dev.atelier.compute.ListingLimits;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FileListTest {
  private final List<String> told = new ArrayList<>();
  private final List<String> special = new ArrayList<>();

  private static String line(String name) {
    return line('f', name);
  }

  private static String line(char type, String name) {
    return "7 1700000000.1234567890 1700000001.0000000000 42 " + type + " " + name + "\0";
  }

  private List<String> names(String list, int files, long nameBytes) throws IOException {
    try (FileList read = new FileList(new ByteArrayInputStream(list.getBytes(StandardCharsets.UTF_8)))) {
      ListingLimits limits = new ListingLimits(files, nameBytes, told::add, special::add);
      return read.read(limits).stream().map(HostFile::name).toList();
    }
  }

  @Test
  void aListIsAllThatFindTold() throws IOException {
    assertThat(names(line("a") + line("b/end") + line("end") + "end\0", 3, 100)).containsExactly("a", "b/end", "end");
    assertThat(names("end\0", 3, 100)).isEmpty();
    assertThat(told).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "7 1700000000.1234567890 17", "end", "7 1.0000000000 1.0000000000 1 a\0"})
  void aListThatWasCutShortIsNone(String list) {
    assertThatThrownBy(() -> names(list, 3, 100)).isInstanceOf(EOFException.class);
  }

  @Test
  void whatIsNoRegularFileIsToldAndCountsAsNone() throws IOException {
    assertThat(names(line('l', "link") + line("a") + line('p', "pipe") + line('s', "socket") + "end\0", 1, 1))
        .containsExactly("a");
    assertThat(special).containsExactly("link: a link", "pipe: not a regular file", "socket: not a regular file");
    assertThat(told).isEmpty();
  }

  @Test
  void moreFilesThanWereAskedForAreTold() throws IOException {
    assertThat(names(line("a") + line("b") + line("c"), 2, 100)).containsExactly("a", "b");
    assertThat(told).containsExactly("more than 2 files: those above that are left out");
  }

  @Test
  void namesTakeNoMoreRoomThanTheyMay() throws IOException {
    List<String> names = Stream.of("a", "b", "c").map(name -> name.repeat(1_000)).toList();
    String list = String.join("", names.stream().map(FileListTest::line).toList());
    assertThat(names(list, 100, 2_500)).isEqualTo(names.subList(0, 2));
    assertThat(told).containsExactly("file names of more than 2500 bytes in all: the files above that are left out");
  }

  @Test
  void namesThatNoKeyCanBeAreLeftOutAndTold() throws IOException {
    String longest = "\u00e4".repeat(512);
    assertThat(names(line("x".repeat(1_025)) + line(longest) + line("y".repeat(100_000)) + line("z" + longest)
        + "end\0", 100, 100_000)).containsExactly(longest);
    assertThat(told).containsExactly("3 files with names longer than 1024 bytes are left out");
  }
}
