package dev.atelier.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atelier.compute.CollectionLimits;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.Test;

class MergedTarTest {

  /** Each entry is {@code name=content}, or a folder's name with its slash. */
  private static byte[] tar(String... entries) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes, "UTF-8")) {
      tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
      for (String text : entries) {
        String[] parts = text.split("=", 2);
        byte[] content = parts.length == 1 ? new byte[0] : parts[1].getBytes(StandardCharsets.UTF_8);
        TarArchiveEntry entry = new TarArchiveEntry(parts[0]);
        entry.setSize(content.length);
        tar.putArchiveEntry(entry);
        tar.write(content);
        tar.closeArchiveEntry();
      }
    }
    return bytes.toByteArray();
  }

  private static List<String> merged(byte[]... tars) throws IOException {
    return merged(1_000, left -> { }, tars);
  }

  private static List<String> merged(int most, Consumer<String> leftOut, byte[]... tars) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    MergedTar merged = new MergedTar(bytes, new CollectionLimits(1 << 20, most, leftOut));
    for (byte[] tar : tars) {
      merged.add(new ByteArrayInputStream(tar));
    }
    merged.finish();
    List<String> found = new ArrayList<>();
    try (TarArchiveInputStream in = new TarArchiveInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      for (TarArchiveEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
        found.add(entry.isSymbolicLink() ? entry.getName() + " -> " + entry.getLinkName()
            : entry.isDirectory() ? entry.getName()
            : entry.getName() + "=" + new String(in.readAllBytes(), StandardCharsets.UTF_8));
      }
    }
    return found;
  }

  @Test
  void theFirstFileOfANameIsKept() throws IOException {
    String deep = "d/".repeat(80) + "file";
    assertThat(merged(tar("d/", "d/a=1", "both=1"), tar("both=2", "d/", "d/b=2", deep + "=2"), tar("c=3")))
        .containsExactly("d/", "d/a=1", "both=1", "d/b=2", deep + "=2", "c=3");
  }

  @Test
  void nothingIsLaidBelowAFileNorAFileOverAFolder() throws IOException {
    assertThat(merged(tar("file=1", "folder/x=1"), tar("file/below=2", "folder=2", "folder/y=2")))
        .containsExactly("file=1", "folder/x=1", "folder/y=2");
  }

  @Test
  void whatLiesBelowAFileIsLeftOutHoweverDeep() throws IOException {
    assertThat(merged(tar("a/file=1"), tar("a/file/", "a/file/b/", "a/file/b/c/d=2", "a/other=2")))
        .containsExactly("a/file=1", "a/other=2");
  }

  @Test
  void theEntriesOfAllHostsTogetherAreBounded() throws IOException {
    List<String> leftOut = new ArrayList<>();
    assertThat(merged(4, leftOut::add, tar("d/", "d/a=1", "b=1"), tar("b=2", "x/y/z=2", "c=2", "e=2")))
        .containsExactly("d/", "d/a=1", "b=1", "c=2");
    assertThat(leftOut).containsExactly("x/y/z: more than 4 entries of all hosts",
        "e: more than 4 entries of all hosts");
  }

  @Test
  void linksAreKeptAndNothingIsLaidBelowOne() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes, "UTF-8")) {
      TarArchiveEntry link = new TarArchiveEntry("latest", TarConstants.LF_SYMLINK);
      link.setLinkName("step-2");
      tar.putArchiveEntry(link);
      tar.closeArchiveEntry();
    }
    List<String> leftOut = new ArrayList<>();
    byte[] second = tar("latest/x=1", "latest/d/", "latest/d/y=1", "latest=2", "step-2/x=2");
    assertThat(merged(1_000, leftOut::add, bytes.toByteArray(), second))
        .containsExactly("latest -> step-2", "step-2/x=2");
    String why = ": lies below what is a file or a link on a host before";
    assertThat(leftOut).containsExactly("latest/x" + why, "latest/d" + why, "latest/d/y" + why);
  }

  @Test
  void nothingIsAnArchiveOfNothing() throws IOException {
    assertThat(merged(tar(), tar())).isEmpty();
  }
}
