package dev.atelier.compute.local;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * What bwrap wrote of one sandbox.
 *
 * @param init the host's pid of the first process inside
 * @param begun whether its program may have run
 * @param exitCode absent while it runs, and for ever when bwrap was killed
 */
record SandboxStatus(OptionalLong init, boolean begun, OptionalInt exitCode, boolean outOfMemory, boolean running) {
  private static final ObjectMapper JSON = new ObjectMapper();

  static SandboxStatus read(Path file) throws IOException {
    OptionalLong init = OptionalLong.empty();
    OptionalInt code = OptionalInt.empty();
    boolean begun = false;
    boolean outOfMemory = false;
    boolean running = false;
    String text;
    try {
      text = Files.readString(file);
    } catch (NoSuchFileException e) {
      text = "";
    }
    for (String line : text.lines().toList()) {
      try {
        JsonNode node = JSON.readTree(line);
        if (node.has("child-pid")) {
          init = OptionalLong.of(node.get("child-pid").asLong());
        }
        begun |= node.has("begun") || node.has("child-pid");
        outOfMemory |= node.path("out-of-memory").asBoolean();
        running |= node.has("running");
        if (node.has("exit-code")) {
          code = OptionalInt.of(node.get("exit-code").asInt());
        }
      } catch (JsonProcessingException e) {
        continue; // a line that bwrap is still writing
      }
    }
    return new SandboxStatus(init, begun, code, outOfMemory, running);
  }
}
