package dev.atelier.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;

/**
 * The administrator's access key in the data folder, readable by the server's user alone. It is written before the key
 * is made valid, so that no crash can leave an administrator whose secret nobody knows.
 */
record AdministratorKey(String account, String accessKeyId, String secretAccessKey) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String FILE = "keys/administrator.json";

  static Optional<AdministratorKey> read(Path data) {
    Path file = data.resolve(FILE);
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      JsonNode node = JSON.readTree(file.toFile());
      return Optional.of(new AdministratorKey(node.path("account").asText(), node.path("accessKeyId").asText(),
          node.path("secretAccessKey").asText()));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file, e);
    }
  }

  void write(Path data) {
    Path file = data.resolve(FILE);
    Path half = file.resolveSibling("administrator.json.new");
    try {
      Files.deleteIfExists(half);
      Files.createFile(half, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.write(half, JSON.writeValueAsBytes(JSON.createObjectNode().put("account", account)
          .put("accessKeyId", accessKeyId).put("secretAccessKey", secretAccessKey)));
      try (FileChannel channel = FileChannel.open(half, StandardOpenOption.WRITE)) {
        channel.force(true);
      }
      Files.move(half, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + file, e);
    }
  }

  @Override
  public String toString() {
    return "AdministratorKey[" + accessKeyId + "]";
  }
}
