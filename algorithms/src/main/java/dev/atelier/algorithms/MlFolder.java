package dev.atelier.algorithms;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The folder {@code /opt/ml} of the container contract: configuration, channels, model, checkpoints, failure. */
public record MlFolder(Path root) {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  /** One channel as {@code inputdataconfig.json} states it. */
  public record Channel(String name, Optional<String> contentType, String inputMode) {}

  /** The hyperparameters, text to text. Absent file: none. */
  public Map<String, String> hyperparameters() {
    Map<String, String> values = new TreeMap<>();
    document("hyperparameters.json").properties()
        .forEach(entry -> values.put(entry.getKey(), entry.getValue().asText()));
    return values;
  }

  /** The job's channels by name. */
  public Map<String, Channel> channels() {
    Map<String, Channel> channels = new TreeMap<>();
    document("inputdataconfig.json").properties().forEach(entry -> {
      String contentType = entry.getValue().path("ContentType").asText("");
      channels.put(entry.getKey(), new Channel(entry.getKey(),
          contentType.isBlank() ? Optional.empty() : Optional.of(contentType),
          entry.getValue().path("TrainingInputMode").asText("File")));
    });
    return channels;
  }

  /** The names of the job's hosts; one when the file is absent. */
  public List<String> hosts() {
    List<String> hosts = new ArrayList<>();
    document("resourceconfig.json").path("hosts").forEach(host -> hosts.add(host.asText()));
    return hosts.isEmpty() ? List.of("algo-1") : hosts;
  }

  /** Where checkpoints go, when the job has them. */
  public Optional<Path> checkpoints() {
    String configured = document("checkpointconfig.json").path("LocalPath").asText("");
    Path folder = configured.isEmpty() ? root.resolve("checkpoints") : Path.of(configured);
    return !configured.isEmpty() || Files.isDirectory(folder) ? Optional.of(folder) : Optional.empty();
  }

  public Path channelFolder(String channel) {
    return root.resolve("input/data").resolve(channel);
  }

  public Path model() {
    return root.resolve("model");
  }

  /** Tells the platform why the program ends; it shows the first 1,024 characters. */
  public void writeFailure(String message) {
    try {
      Path failure = root.resolve("output/failure");
      Files.createDirectories(failure.getParent());
      Files.writeString(failure, message);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Writes a file so that a reader, or a stop in the middle, sees all of it or nothing. */
  public static void writeWhole(Path file, byte[] content) {
    try {
      Files.createDirectories(file.getParent());
      // The suffix is the one that the platform does not upload.
      Path part = file.resolveSibling(file.getFileName() + ".sagemaker-ignore");
      Files.write(part, content);
      Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private JsonNode document(String name) {
    Path file = root.resolve("input/config").resolve(name);
    try {
      return Files.isRegularFile(file) ? JSON.readTree(Files.readAllBytes(file))
          : JsonNodeFactory.instance.objectNode();
    } catch (JsonProcessingException e) {
      throw new AlgorithmError("The configuration file " + name + " is not JSON", e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
