package dev.atelier.ecr;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.atelier.objects.ObjectReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/**
 * An image as {@code docker save} writes it, its layers as they were pushed.
 *
 * @param name what it is called where it is loaded
 */
record ImageArchive(Registry registry, Repository repository, Manifest manifest, String name) {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static String hex(String digest) {
    return digest.substring(digest.indexOf(':') + 1);
  }

  void write(OutputStream out) throws IOException {
    Manifest.Descriptor config = manifest.config().orElseThrow();
    List<Manifest.Descriptor> layers =
        manifest.layers().stream().filter(each -> !each.digest().equals(config.digest())).toList();
    TarArchiveOutputStream tar = new TarArchiveOutputStream(out, StandardCharsets.UTF_8.name());
    tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
    copy(tar, config, hex(config.digest()) + ".json");
    Set<String> written = new LinkedHashSet<>();
    for (Manifest.Descriptor layer : layers) {
      if (written.add(layer.digest())) {
        copy(tar, layer, hex(layer.digest()) + ".tar");
      }
    }
    byte[] listed = JSON.writeValueAsBytes(List.of(Map.of("Config", hex(config.digest()) + ".json",
        "RepoTags", List.of(name),
        "Layers", layers.stream().map(layer -> hex(layer.digest()) + ".tar").toList())));
    entry(tar, "manifest.json", listed.length);
    tar.write(listed);
    tar.closeArchiveEntry();
    tar.finish();
    tar.flush();
  }

  private void copy(TarArchiveOutputStream tar, Manifest.Descriptor described, String name) throws IOException {
    try (ObjectReader reader = registry.read(repository, described.digest())
        .orElseThrow(() -> new IOException("the layer " + described.digest() + " is not in the repository"))) {
      entry(tar, name, described.size());
      reader.stream().transferTo(tar);
      tar.closeArchiveEntry();
    }
  }

  private static void entry(TarArchiveOutputStream tar, String name, long size) throws IOException {
    TarArchiveEntry entry = new TarArchiveEntry(name);
    entry.setSize(size);
    tar.putArchiveEntry(entry);
  }
}
