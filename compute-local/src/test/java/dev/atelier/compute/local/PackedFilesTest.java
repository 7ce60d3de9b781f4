package dev.atelier.compute.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.atelier.compute.ComputeException;
import dev.atelier.compute.Image;
import dev.atelier.compute.Mount;
import dev.atelier.compute.PackedFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.zip.CRC32;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is written as one file is seen by a host as the files it is of. */
class PackedFilesTest {
  private static final Instant MODIFIED = Instant.parse("2026-11-22T09:00:00Z");

  @TempDir Path folder;
  private Bench bench;

  @BeforeEach
  void open() {
    bench = new Bench(folder.resolve("run"));
    assumeTrue(bench.backend.mountsPacked(new Image.Layered(List.of(), Map.of())),
        "this machine mounts no such images");
  }

  @AfterEach
  void close() {
    bench.close();
  }

  private Path packed(Map<String, byte[]> files) throws IOException {
    Path image = folder.resolve("image");
    try (PackedFiles packed = PackedFiles.create(image)) {
      for (Map.Entry<String, byte[]> file : files.entrySet()) {
        packed.add(file.getKey(), file.getValue(), MODIFIED);
      }
      packed.finish();
    }
    return image;
  }

  private static Map<String, byte[]> samples() {
    Random random = new Random(7);
    Map<String, byte[]> files = new TreeMap<>();
    int[] sizes = {0, 1, 31, 100, 4_031, 4_032, 4_033, 4_096, 4_097, 8_192, 16_384};
    for (int i = 0; i < 3_000; i++) {
      byte[] content = new byte[sizes[i % sizes.length]];
      random.nextBytes(content);
      files.put((i % 3 == 0 ? "" : i % 3 == 1 ? "deep/er/" : "-first/") + Integer.toHexString(i * 7_919), content);
    }
    files.put("deep/" + "n".repeat(255), new byte[] {1});
    files.put("deep/\u00e4\u4e2d !\n'", new byte[] {2});
    return files;
  }

  private static String line(String name, byte[] content) {
    CRC32 sum = new CRC32();
    sum.update(content);
    return HexFormat.of().formatHex(name.getBytes(StandardCharsets.UTF_8)) + " " + content.length + " "
        + sum.getValue() + "\n";
  }

  @Test
  void aHostSeesEveryFileOfAnImageAndThoseBesideIt() throws IOException {
    Map<String, byte[]> files = samples();
    Path beside = Files.writeString(folder.resolve("beside"), "linked");
    Mount.Packed mount = new Mount.Packed("/opt/ml/input/data/train", packed(files), Map.of("deep/er/own", beside));
    StringBuilder expected = new StringBuilder();
    files.put("deep/er/own", "linked".getBytes());
    files.forEach((name, content) -> expected.append(line(name, content)));
    Bench.Result result = bench.run(Specs.isolated("packed", Specs.python("""
        import os, zlib
        os.chdir(b'/opt/ml/input/data/train')
        found = {}
        for at, _, names in os.walk(b'.'):
            for name in names:
                path = os.path.join(at, name)
                content = open(path, 'rb').read()
                found[path[2:]] = '%d %d' % (len(content), zlib.crc32(content))
        for path in sorted(found):
            print(path.hex(), found[path])
        """, 0, mount)));
    assertThat(result.code()).as(result.log()).isZero();
    assertThat(sorted(result.log())).isEqualTo(sorted(expected.toString()));
  }

  private static List<String> sorted(String lines) {
    return lines.lines().sorted().toList();
  }

  @Test
  void whatAHostChangesStaysWithIt() throws IOException {
    Path image = packed(Map.of("a/one", "1".getBytes(), "two", "2".getBytes()));
    byte[] before = Files.readAllBytes(image);
    Bench.Result result = bench.run(Specs.isolated("packed", Specs.sh("""
        cd /data && date -u -r two +%s && echo more >> a/one && rm two && echo new > a/three && mkdir b
        cat a/one a/three
        ls""", new Mount.Packed("/data", image, Map.of()))));
    assertThat(result.log()).isEqualTo(MODIFIED.getEpochSecond() + "\n1more\nnew\na\nb\n");
    assertThat(Files.readAllBytes(image)).isEqualTo(before);
  }

  @Test
  void aNameIsAFileOrAFolder() {
    assertThatThrownBy(() -> packed(new TreeMap<>(Map.of("a", new byte[1], "a/b", new byte[1]))))
        .isInstanceOf(ComputeException.class)
        .hasMessageContaining("a is the name of two files, or of a file and a folder");
  }
}
