package dev.atelier.compute.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atelier.compute.Mount;
import dev.atelier.compute.WorkloadState;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class UnpackedTest {
  @TempDir Path folder;
  private Bench bench;

  @BeforeEach
  void open() {
    bench = new Bench(folder);
  }

  @AfterEach
  void close() {
    bench.close();
  }

  private Bench.Result unpacked(Path archive) {
    return bench.run(Specs.isolated("unpack",
        Specs.sh("cat /opt/ml/model/a/weights && echo > /opt/ml/model/a/new",
            new Mount.Unpacked("/opt/ml/model", archive))));
  }

  @Test
  void tarAndZipAreUnpackedForTheProgram() throws IOException {
    Path tar = folder.resolve("model.tar.gz");
    try (TarArchiveOutputStream out = tar(new GZIPOutputStream(Files.newOutputStream(tar)))) {
      file(out, "./a/weights", "good");
      link(out, "a/link", TarConstants.LF_SYMLINK, "weights");
      link(out, "latest", TarConstants.LF_SYMLINK, "b/../a");
      link(out, "b/link", TarConstants.LF_SYMLINK, "../latest/link");
    }
    assertThat(bench.run(Specs.isolated("unpack", Specs.sh("cat /opt/ml/model/a/weights; cat /opt/ml/model/b/link",
        new Mount.Unpacked("/opt/ml/model", tar)))).log()).isEqualTo("goodgood");
    bench.backend.remove(new dev.atelier.compute.WorkloadId("unpack"));
    Path zip = folder.resolve("model.zip");
    try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(zip))) {
      out.putNextEntry(new ZipEntry("a/weights"));
      out.write("zipped".getBytes(StandardCharsets.UTF_8));
      out.closeEntry();
    }
    Bench.Result result = bench.run(Specs.isolated("zip",
        Specs.sh("cat /opt/ml/model/a/weights", new Mount.Unpacked("/opt/ml/model", zip))));
    assertThat(result.log()).isEqualTo("zipped");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/abs", "../up", "a/../../up", "link-out", "link-abs", "hard-out", "through",
      "link-by-link", "link-round", "links-on-links", "long-ways", "device", "fifo", "bomb", "broken"})
  void aHostileArchiveEndsTheStartWithAReason(String kind) throws IOException {
    Path archive = folder.resolve("bad.tar.gz");
    try (OutputStream raw = Files.newOutputStream(archive)) {
      if (kind.equals("broken")) {
        raw.write("no archive at all".getBytes(StandardCharsets.UTF_8));
      } else {
        hostile(kind, raw);
      }
    }
    assertThat(unpacked(archive).end()).isInstanceOfSatisfying(WorkloadState.Lost.class,
        lost -> assertThat(lost.reason()).startsWith("the archive "));
    assertThat(bench.backend.readLog(new dev.atelier.compute.WorkloadId("unpack"), "algo-1", 0, 10)).isEmpty();
  }

  private static void hostile(String kind, OutputStream raw) throws IOException {
    try (TarArchiveOutputStream out = tar(new GZIPOutputStream(raw))) {
      switch (kind) {
        case "link-out" -> link(out, "l", TarConstants.LF_SYMLINK, "../../etc");
        case "link-abs" -> link(out, "l", TarConstants.LF_SYMLINK, "/etc/passwd");
        case "hard-out" -> link(out, "l", TarConstants.LF_LINK, "../../a");
        case "through" -> {
          link(out, "l", TarConstants.LF_SYMLINK, "a");
          file(out, "l/x", "x");
        }
        case "link-by-link" -> {
          link(out, "a/b/top", TarConstants.LF_SYMLINK, "../..");
          link(out, "l", TarConstants.LF_SYMLINK, "a/b/top/../x");
        }
        case "link-round" -> link(out, "l", TarConstants.LF_SYMLINK, "l");
        case "links-on-links" -> chain(out, 41, "");
        case "long-ways" -> chain(out, 40, "a/../".repeat(800));
        case "device" -> link(out, "dev", TarConstants.LF_CHR, "");
        case "fifo" -> link(out, "pipe", TarConstants.LF_FIFO, "");
        case "bomb" -> {
          TarArchiveEntry entry = new TarArchiveEntry("zeros");
          entry.setSize(200L << 20);
          out.putArchiveEntry(entry);
          for (int i = 0; i < 200; i++) {
            out.write(new byte[1 << 20]);
          }
          out.closeArchiveEntry();
        }
        default -> {
          TarArchiveEntry entry = new TarArchiveEntry(kind, true);
          out.putArchiveEntry(entry);
          out.closeArchiveEntry();
        }
      }
    }
  }

  /** Links of which each leads to the next, and the last to a file. */
  private static void chain(TarArchiveOutputStream out, int links, String way) throws IOException {
    file(out, "a/weights", "good");
    for (int i = links; i > 0; i--) {
      link(out, "l" + i, TarConstants.LF_SYMLINK, way + (i == links ? "a/weights" : "l" + (i + 1)));
    }
  }

  @Test
  void asManyLinksOnAWayAsTheKernelGoesAreUnpacked() throws IOException {
    Path tar = folder.resolve("model.tar.gz");
    try (TarArchiveOutputStream out = tar(Files.newOutputStream(tar))) {
      chain(out, 40, "a/../");
    }
    assertThat(bench.run(Specs.isolated("unpack", Specs.sh("cat /opt/ml/model/l1",
        new Mount.Unpacked("/opt/ml/model", tar)))).log()).isEqualTo("good");
  }

  @Test
  void whoeverListensHearsThatLinksAreFollowed() throws Exception {
    Path tar = folder.resolve("model.tar");
    try (TarArchiveOutputStream out = tar(Files.newOutputStream(tar))) {
      chain(out, 20, "a/../".repeat(20));
    }
    Path program = folder.resolve("unpack.py");
    try (InputStream module = UnpackedTest.class.getResourceAsStream("unpack.py")) {
      Files.copy(module, program);
    }
    Process python = new ProcessBuilder("python3", "-I", "-S", "-B", program.toString(), tar.toString(),
        Files.createDirectory(folder.resolve("to")).toString(), "1000000", "1000").redirectErrorStream(true).start();
    // one for the file
    assertThat(new String(python.getInputStream().readAllBytes(), StandardCharsets.UTF_8)).matches("\\.{6,}");
    assertThat(python.waitFor()).isZero();
  }

  private static TarArchiveOutputStream tar(OutputStream target) {
    TarArchiveOutputStream tar = new TarArchiveOutputStream(target, StandardCharsets.UTF_8.name());
    tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
    return tar;
  }

  private static void file(TarArchiveOutputStream out, String name, String content) throws IOException {
    byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
    TarArchiveEntry entry = new TarArchiveEntry(name);
    entry.setSize(bytes.length);
    out.putArchiveEntry(entry);
    out.write(bytes);
    out.closeArchiveEntry();
  }

  private static void link(TarArchiveOutputStream out, String name, byte kind, String target) throws IOException {
    TarArchiveEntry entry = new TarArchiveEntry(name, kind);
    entry.setLinkName(target);
    out.putArchiveEntry(entry);
    out.closeArchiveEntry();
  }
}
