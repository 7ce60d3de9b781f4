package dev.atelier.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import dev.atelier.kernel.Fault;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Manifests are read as they come: what they hold beside names costs nothing. */
class InputFilesTest {
  private static final String URI = "s3://data/manifest";

  @TempDir Path root;
  private JobBench bench;
  private RoleObjects objects;

  @BeforeEach
  void open() {
    bench = JobBench.idle(root);
    objects = bench.roleObjects();
  }

  @AfterEach
  void close() throws Exception {
    bench.close();
  }

  private static List<String> names(InputFiles files) {
    List<String> names = new ArrayList<>();
    files.each("ManifestFile", URI, file -> names.add(file.name() + " " + file.object().key()));
    return names;
  }

  @Test
  void aManifestsEntriesAreToldInItsOrderAndOnce() {
    bench.put("manifest", """
        [{"more": {"prefix": "s3://data/no"}, "prefix": "s3://data/in/"},
          "b", {"a": ["no"]}, "a/c", "b", 3, null] rest""");
    assertThat(names(new InputFiles(objects))).containsExactly("b in/b", "a/c in/a/c");
    bench.put("manifest", "[{\"prefix\": \"s3://data/in/\"}]");
    assertThat(names(new InputFiles(objects))).isEmpty();
  }

  @Test
  void manyEmptyEntriesCostNoMemory() {
    int entries = 300_000;
    bench.put("manifest", "[{\"prefix\": \"s3://data/in/\"}" + ",{}".repeat(entries) + ",\"a\"]");
    InputFiles files = new InputFiles(objects);
    files.check("ManifestFile", URI);
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    files.check("ManifestFile", URI);
    assertThat(names(files)).containsExactly("a in/a");
    assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(16L * entries);
  }

  @Test
  void aManifestIsToldAsFarAsItIsOne() {
    bench.put("manifest", "[{\"prefix\": \"s3://data/in/\"}, \"a\", \"../b\", \"c\"");
    List<String> told = new ArrayList<>();
    assertThatThrownBy(() -> new InputFiles(objects).each("ManifestFile", URI, file -> told.add(file.name())))
        .isInstanceOf(Fault.class).hasMessageContaining("\"../b\" cannot be the name of a file");
    assertThat(told).containsExactly("a");
    bench.put("manifest", "[{\"prefix\": \"s3://data/in/\"}, \"a\"");
    assertThatThrownBy(() -> new InputFiles(objects).check("ManifestFile", URI)).hasMessageContaining("not valid JSON");
  }

  @Test
  void whatIsNoManifestIsRefused() {
    for (String text : List.of("", "{}", "[]", "[\"a\"]", "[{}]", "[{\"prefix\": 3}]",
        "[{\"prefix\": {\"prefix\": \"a\"}}]")) {
      bench.put("manifest", text);
      assertThatThrownBy(() -> new InputFiles(objects).check("ManifestFile", URI)).as(text)
          .isInstanceOf(Fault.class).hasMessageContaining("must be a list whose first entry is a prefix");
    }
  }

  @Test
  void manifestsAreBounded() {
    String text = "[{\"prefix\": \"s3://data/in/\"}, \"a\", \"b\"]";
    bench.put("manifest", text);
    new InputFiles(objects, text.length(), 2).check("ManifestFile", URI);
    assertThatThrownBy(() -> new InputFiles(objects, text.length() - 1, 2).check("ManifestFile", URI))
        .isInstanceOfSatisfying(Fault.class, fault -> assertThat(fault.code()).isEqualTo("ValidationException"))
        .hasMessageContaining(URI).hasMessageContaining("larger than " + (text.length() - 1) + " bytes");
    assertThatThrownBy(() -> new InputFiles(objects, text.length(), 1).check("ManifestFile", URI))
        .isInstanceOf(Fault.class).hasMessageContaining("names more than 1 files");
  }
}
