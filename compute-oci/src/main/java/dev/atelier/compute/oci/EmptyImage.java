package dev.atelier.compute.oci;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/** An image that holds no program: the machine's own {@code /usr} is bound into its containers. */
final class EmptyImage {
  private static final String REPOSITORY = "localhost/atelier-empty";
  private static final String TAG = "1";
  private static final Map<String, String> LINKS =
      Map.of("bin", "usr/bin", "sbin", "usr/sbin", "lib", "usr/lib", "lib64", "usr/lib64");

  private EmptyImage() {}

  /** Its name in the engine, which has it when this returns. */
  static synchronized String require(Engine engine) throws IOException {
    String name = REPOSITORY + ":" + TAG;
    if (engine.image(name).isEmpty()) {
      engine.makeImage(layer(), REPOSITORY, TAG);
    }
    return name;
  }

  private static byte[] layer() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes, StandardCharsets.UTF_8.name())) {
      for (String folder : List.of("usr", "etc", "proc", "sys", "dev", "run", "tmp", "var", "var/tmp", "opt", "home")) {
        TarArchiveEntry entry = new TarArchiveEntry(folder + "/");
        entry.setMode(folder.endsWith("tmp") ? 01777 : 0755);
        put(tar, entry, "");
      }
      for (Map.Entry<String, String> link : LINKS.entrySet()) {
        TarArchiveEntry entry = new TarArchiveEntry(link.getKey(), TarConstants.LF_SYMLINK);
        entry.setLinkName(link.getValue());
        put(tar, entry, "");
      }
      put(tar, new TarArchiveEntry("etc/passwd"), "root:x:0:0:root:/root:/bin/sh\nuser:x:1000:1000:user:/home:/bin/sh\n");
      put(tar, new TarArchiveEntry("etc/group"), "root:x:0:\nuser:x:1000:\n");
    }
    return bytes.toByteArray();
  }

  private static void put(TarArchiveOutputStream tar, TarArchiveEntry entry, String text) throws IOException {
    byte[] content = text.getBytes(StandardCharsets.UTF_8);
    if (entry.isFile()) {
      entry.setSize(content.length);
    }
    tar.putArchiveEntry(entry);
    tar.write(content);
    tar.closeArchiveEntry();
  }
}
