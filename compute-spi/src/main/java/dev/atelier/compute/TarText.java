package dev.atelier.compute;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/** Writes the few plain entries that the backend in memory collects as a ustar archive. */
final class TarText {
  private static final int BLOCK = 512;

  private TarText() {}

  /** @param links path inside to target; every target is taken to lie inside */
  static byte[] archive(
      String inside, Map<String, String> files, Map<String, String> links, CollectionLimits limits) {
    ByteArrayOutputStream tar = new ByteArrayOutputStream();
    String prefix = inside.endsWith("/") ? inside : inside + "/";
    long bytes = 0;
    long count = 0;
    for (Map.Entry<String, String> file : new TreeMap<>(files).entrySet()) {
      if (!file.getKey().startsWith(prefix)) {
        continue;
      }
      byte[] content = file.getValue().getBytes(StandardCharsets.UTF_8);
      String name = file.getKey().substring(prefix.length());
      if (bytes + content.length > limits.maxBytes() || count + 1 > limits.maxFiles()) {
        limits.exceeded().accept(limits.overBytes(name));
        continue;
      }
      bytes += content.length;
      count++;
      entry(tar, name, '0', "", content);
    }
    new TreeMap<>(links).forEach((path, target) -> {
      if (path.startsWith(prefix) && limits.links()) {
        entry(tar, path.substring(prefix.length()), '2', target, new byte[0]);
      } else if (path.startsWith(prefix)) {
        limits.leftOut().accept(path.substring(prefix.length()) + ": a link");
      }
    });
    tar.writeBytes(new byte[2 * BLOCK]);
    return tar.toByteArray();
  }

  private static void entry(ByteArrayOutputStream tar, String name, char type, String target, byte[] content) {
    byte[] header = new byte[BLOCK];
    put(header, 0, name);
    put(header, 100, "0000644");
    put(header, 108, "0000000");
    put(header, 116, "0000000");
    put(header, 124, String.format("%011o", content.length));
    put(header, 136, "00000000000");
    Arrays.fill(header, 148, 156, (byte) ' ');
    header[156] = (byte) type;
    put(header, 157, target);
    put(header, 257, "ustar");
    put(header, 263, "00");
    int sum = 0;
    for (byte value : header) {
      sum += value & 0xff;
    }
    put(header, 148, String.format("%06o", sum));
    header[154] = 0;
    tar.writeBytes(header);
    tar.writeBytes(content);
    tar.writeBytes(new byte[(BLOCK - content.length % BLOCK) % BLOCK]);
  }

  private static void put(byte[] header, int at, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    if (at == 0 && bytes.length > 99) {
      throw new ComputeException("the backend in memory collects names up to 99 bytes");
    }
    System.arraycopy(bytes, 0, header, at, bytes.length);
  }
}
