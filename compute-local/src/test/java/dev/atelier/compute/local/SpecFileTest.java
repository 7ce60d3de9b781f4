package dev.atelier.compute.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atelier.compute.Feed;
import dev.atelier.compute.HostSpec;
import dev.atelier.compute.Image;
import dev.atelier.compute.Mount;
import dev.atelier.compute.NetworkPolicy;
import dev.atelier.compute.Resources;
import dev.atelier.compute.WorkloadId;
import dev.atelier.compute.WorkloadSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpecFileTest {

  /** A server that cannot read what an earlier one wrote does not start. */
  @Test
  void whatIsKeptBesideAWorkloadIsReadAgain(@TempDir Path folder) throws IOException {
    Path file = Path.of("/cache/file");
    Image image = new Image.Layered(List.of(new Image.Layer(Path.of("/cache/usr"), "/usr"),
        new Image.Layer(Path.of("/cache/environment"), "/opt/environment")), Map.of("NAME", "value"));
    List<Mount> mounts = List.of(new Mount.Scratch("/a"), new Mount.Files("/b", Map.of("x", file)),
        new Mount.Copies("/c", Map.of("x", file)), new Mount.Texts("/d", Map.of("x", "text")),
        new Mount.Unpacked("/e", file), new Mount.Volume("/f", "home", 1),
        new Mount.Folder("/g", Path.of("/shared"), true), new Mount.Feeds("/h", List.of(new Feed("train",
            List.of(List.of(new Feed.Piece.Content(file, true), new Feed.Piece.Text("text"))), true, true, 7, 1, 2))));
    WorkloadSpec spec = new WorkloadSpec(new WorkloadId("w-1"), "owner", List.of(new HostSpec("algo-1", image,
        List.of("run"), Map.of("A", "b"), "/a", mounts, new Resources(1, 2, 0, 3, 4), 8080, 1000, 100)),
        NetworkPolicy.ISOLATED);
    Path kept = Files.write(folder.resolve("spec"), SpecFile.write(spec));
    assertThat(SpecFile.read(kept)).isEqualTo(spec);
  }
}
