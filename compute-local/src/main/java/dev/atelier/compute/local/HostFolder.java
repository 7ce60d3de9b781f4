package dev.atelier.compute.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.atelier.compute.ComputeException;
import dev.atelier.compute.LogTimes;
import dev.atelier.compute.WorkloadState;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.zip.CRC32C;

/**
 * All that is known of one host of one workload: {@code placement.json} (its user id and GPUs), {@code identity} (the
 * process), {@code status.json} (written by bwrap), {@code log}, {@code disk} (the keeper's count), {@code times} (when
 * the log had which length), {@code end.json} (how it ended), {@code work} (what it sees) and its sockets. Only
 * {@code work} holds what the sandbox may write.
 */
record HostFolder(Path path) {
  private static final ObjectMapper JSON = new ObjectMapper();
  // The kernel's limit is 107 bytes.
  private static final int LONGEST_SOCKET = 99;

  Path log() {
    return path.resolve("log");
  }

  Path identity() {
    return path.resolve("identity");
  }

  Path helperIdentity() {
    return path.resolve("helper");
  }

  Path status() {
    return path.resolve("status.json");
  }

  Path work() {
    return path.resolve("work");
  }

  Path stage() {
    return path.resolve("stage");
  }

  /** The folder of the sockets; a private one below /tmp where the own path is too long for a socket. */
  Path sockets() {
    Path own = path.resolve("s");
    if (own.resolve("service.sock").toString().getBytes(StandardCharsets.UTF_8).length <= LONGEST_SOCKET) {
      return own;
    }
    CRC32C sum = new CRC32C();
    sum.update(path.toString().getBytes(StandardCharsets.UTF_8));
    String name = HexFormat.of().toHexDigits(sum.getValue()) + "-" + path.getFileName().toString().hashCode();
    return Path.of("/tmp/atelier-" + Machine.userId(), name);
  }

  /** Makes the socket folder; one that somebody else owns is refused. */
  void makeSockets() throws IOException {
    Path folder = sockets();
    if (!folder.startsWith(path)) {
      Durable.privateFolder(folder.getParent());
      requireOwn(folder.getParent());
    }
    Durable.privateFolder(folder);
    if (folder.startsWith(path)) {
      return;
    }
    requireOwn(folder);
  }

  private static void requireOwn(Path folder) throws IOException {
    if (Files.isSymbolicLink(folder) || !Machine.userId().equals(Machine.ownerOf(folder))) {
      throw new ComputeException(folder + " belongs to somebody else");
    }
  }

  OptionalInt uid() throws IOException {
    Path file = path.resolve("placement.json");
    return Files.exists(file) ? OptionalInt.of(JSON.readTree(file.toFile()).get("uid").asInt()) : OptionalInt.empty();
  }

  /** The minor numbers of its GPUs. */
  List<Integer> gpus() throws IOException {
    Path file = path.resolve("placement.json");
    List<Integer> gpus = new ArrayList<>();
    if (Files.exists(file)) {
      JSON.readTree(file.toFile()).path("gpus").forEach(gpu -> gpus.add(gpu.asInt()));
    }
    return gpus;
  }

  void writePlacement(int uid, List<Integer> gpus) throws IOException {
    ObjectNode node = JSON.createObjectNode().put("uid", uid);
    gpus.forEach(node.putArray("gpus")::add);
    Durable.write(path.resolve("placement.json"), JSON.writeValueAsBytes(node));
  }

  Optional<WorkloadState> end() throws IOException {
    Path file = path.resolve("end.json");
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    JsonNode node = JSON.readTree(file.toFile());
    Instant at = Instant.parse(node.get("at").asText());
    return Optional.of(node.has("lost")
        ? new WorkloadState.Lost(node.get("lost").asText(), at)
        : new WorkloadState.Exited(node.get("exitCode").asInt(), node.get("outOfMemory").asBoolean(),
            node.has("peakMemory") ? OptionalLong.of(node.get("peakMemory").asLong()) : OptionalLong.empty(), at));
  }

  void writeEnd(WorkloadState state) throws IOException {
    ObjectNode node = JSON.createObjectNode();
    switch (state) {
      case WorkloadState.Exited(int code, boolean outOfMemory, OptionalLong peak, Instant at) -> {
        node.put("exitCode", code).put("outOfMemory", outOfMemory).put("at", at.toString());
        peak.ifPresent(bytes -> node.put("peakMemory", bytes));
      }
      case WorkloadState.Lost(String reason, Instant at) -> node.put("lost", reason).put("at", at.toString());
      case WorkloadState.Preparing() -> throw new IllegalArgumentException("not an end: " + state);
      case WorkloadState.Running(Instant since) -> throw new IllegalArgumentException("not an end: " + since);
    }
    Durable.write(path.resolve("end.json"), JSON.writeValueAsBytes(node));
  }

  /** The bytes in its writable folders, as its keeper counted them last; empty before the first count. */
  OptionalLong diskBytes() throws IOException {
    Path file = path.resolve("disk");
    String text = Files.exists(file) ? Files.readString(file) : "";
    return text.isEmpty() ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(text));
  }

  /** When the program was started. */
  Instant startedAt() throws IOException {
    return Files.getLastModifiedTime(identity()).toInstant();
  }

  byte[] readLog(long offset, int maxBytes) {
    try (var channel = Files.newByteChannel(log())) {
      long left = channel.size() - offset;
      if (left <= 0) {
        return new byte[0];
      }
      var buffer = ByteBuffer.allocate((int) Math.min(left, maxBytes));
      channel.position(offset);
      while (buffer.hasRemaining() && channel.read(buffer) > 0) {
        // until full
      }
      return java.util.Arrays.copyOf(buffer.array(), buffer.position());
    } catch (java.nio.file.NoSuchFileException e) {
      return new byte[0];
    } catch (IOException e) {
      throw new ComputeException("the log cannot be read: " + e.getMessage(), e);
    }
  }

  LogTimes logTimes() {
    try {
      Path file = path.resolve("times");
      return Files.exists(file) ? LogTimes.of(ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.nativeOrder()))
          : LogTimes.NONE;
    } catch (IOException e) {
      throw new ComputeException("the times of the log cannot be read: " + e.getMessage(), e);
    }
  }

  /** The last line of the log, for a sentence about an end. */
  String lastLogLine() {
    try {
      long size = Files.exists(log()) ? Files.size(log()) : 0;
      String tail = new String(readLog(Math.max(0, size - 2000), 2000), StandardCharsets.UTF_8).strip();
      return tail.substring(tail.lastIndexOf('\n') + 1);
    } catch (IOException e) {
      return "";
    }
  }
}
