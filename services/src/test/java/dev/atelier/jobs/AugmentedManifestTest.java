package dev.atelier.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atelier.jobs.AugmentedManifest.Value;
import dev.atelier.kernel.Fault;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AugmentedManifestTest {
  private static final S3Location MANIFEST = new S3Location(JobBench.BUCKET, "manifest");

  @TempDir Path root;
  private JobBench bench;
  private RoleObjects objects;
  private final List<List<Value>> told = new ArrayList<>();

  @BeforeEach
  void open() {
    bench = JobBench.idle(root);
    objects = bench.roleObjects();
  }

  @AfterEach
  void close() throws Exception {
    bench.close();
  }

  private void read(AugmentedManifest manifest, String... attributes) {
    manifest.each(MANIFEST, List.of(attributes), told::add);
  }

  private static Value text(String text) {
    return new Value.Text(text);
  }

  @Test
  void valuesAreToldAsTheyStand() {
    bench.put("manifest", """

        {"a": "one", "more": {"a": 0}, "b-ref": "s3://data/b", "c": {"d": [1, "x", null]}}
        {"c": 2.5, "a": "first", "a": true, "b-ref": "s3://data/b"}

        """);
    read(new AugmentedManifest(objects), "c", "b-ref", "a");
    Value object = new Value.Object(new S3Location("data", "b"));
    assertThat(told).containsExactly(List.of(text("{\"d\":[1,\"x\",null]}"), object, text("one")),
        List.of(text("2.5"), object, text("true")));
  }

  @Test
  void linesAreToldUntilOneIsWrong() {
    for (String wrong : List.of("{\"a\": }", "nonsense", "{\"a\": 1", "{\"a\": 1} {\"a\": 2}", "{\"a\":\n1}")) {
      assertWrong(wrong, "is not valid JSON");
    }
    for (String wrong : List.of("{\"b\": 1}", "[1]", "3")) {
      assertWrong(wrong, "has no attribute \"a\"");
    }
  }

  private void assertWrong(String line, String message) {
    told.clear();
    bench.put("manifest", "{\"a\": 1}\n" + line + "\n{\"a\": 3}\n");
    assertThatThrownBy(() -> read(new AugmentedManifest(objects), "a")).as(line).isInstanceOf(Fault.class)
        .hasMessageContaining("Line 2 of the augmented manifest \"s3://data/manifest\" " + message);
    assertThat(told.getFirst()).containsExactly(text("1"));
    assertThat(told).doesNotContain(List.of(text("3")));
  }

  @Test
  void manifestsAreBounded() {
    String lines = "{\"a\": 1, \"b\": 2}\n".repeat(3);
    bench.put("manifest", lines);
    read(new AugmentedManifest(objects, lines.length(), 6), "a", "b");
    assertThat(told).hasSize(3);
    assertThatThrownBy(() -> read(new AugmentedManifest(objects, lines.length() - 1, 6), "a")).isInstanceOf(Fault.class)
        .hasMessageContaining("larger than " + (lines.length() - 1) + " bytes");
    assertThatThrownBy(() -> read(new AugmentedManifest(objects, lines.length(), 5), "a", "b"))
        .isInstanceOf(Fault.class).hasMessageContaining("has more than 5 values");
    bench.put("manifest", "\n\n");
    assertThatThrownBy(() -> read(new AugmentedManifest(objects), "a")).hasMessageContaining("has no lines");
  }
}
