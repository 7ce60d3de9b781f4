package dev.atelier.compute.oci;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.InspectImageResponse;
import com.github.dockerjava.api.exception.ConflictException;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.core.DefaultDockerClientConfig;
import com.github.dockerjava.core.DockerClientImpl;
import com.github.dockerjava.transport.DockerHttpClient;
import com.github.dockerjava.transport.DockerHttpClient.Request;
import com.github.dockerjava.zerodep.ZerodepDockerHttpClient;
import dev.atelier.compute.ComputeException;
import dev.atelier.compute.ContainerImages;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The container engine behind a unix socket of this machine, which is Podman or Docker. */
public final class Engine implements ContainerImages, AutoCloseable {
  private static final System.Logger LOG = System.getLogger(Engine.class.getName());
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String LIBPOD = "Libpod-API-Version";
  private static final Duration CONNECT = Duration.ofSeconds(10);
  // Making the first container of an image gives every file of it to another user.
  private static final Duration PATIENCE = Duration.ofMinutes(15);
  private static final int PIPE_BYTES = 1 << 18;
  private static final int TRIES = 20;
  private static final long TRY_AGAIN_NANOS = 250_000_000;
  private static final int MOST_ANSWER_BYTES = 1 << 20;

  private final Path socket;
  private final DockerHttpClient http;
  private final DockerClient client;
  private final boolean podman;

  private Engine(Path socket) throws IOException {
    this.socket = socket;
    var config = DefaultDockerClientConfig.createDefaultConfigBuilder()
        .withDockerHost("unix://" + socket).withDockerTlsVerify(false).build();
    this.http = new ZerodepDockerHttpClient.Builder().dockerHost(config.getDockerHost())
        .connectionTimeout(CONNECT).responseTimeout(PATIENCE).build();
    this.client = DockerClientImpl.getInstance(config, http);
    try {
      this.podman = ping();
    } catch (IOException | RuntimeException e) {
      http.close();
      throw e;
    }
  }

  /**
   * The engine at a socket.
   *
   * @throws ComputeException nothing that is an engine answers there
   */
  public static Engine open(Path socket) {
    try {
      return new Engine(socket.toAbsolutePath());
    } catch (IOException | RuntimeException e) {
      throw new ComputeException("no container engine answers at " + socket + ": " + e.getMessage(), e);
    }
  }

  /** The engine that this machine offers to its server, where one is running. */
  public static Optional<Engine> find() {
    List<Path> usual = new ArrayList<>(List.of(Path.of("/run/podman/podman.sock"), Path.of("/var/run/docker.sock")));
    for (Path socket : usual) {
      if (Files.isWritable(socket)) {
        try {
          return Optional.of(open(socket));
        } catch (ComputeException e) {
          LOG.log(Level.DEBUG, "not an engine", e);
        }
      }
    }
    return Optional.empty();
  }

  private boolean ping() throws IOException {
    try (DockerHttpClient.Response answer = http.execute(
        Request.builder().method(Request.Method.GET).path("/_ping").build())) {
      if (answer.getStatusCode() != 200) {
        throw new IOException("it answers " + answer.getStatusCode());
      }
      return answer.getHeader(LIBPOD) != null;
    }
  }

  /** Whether it is Podman, which gives each container a user namespace of its own. */
  public boolean isPodman() {
    return podman;
  }

  DockerClient client() {
    return client;
  }

  /** The words of its command-line client, whose programs come with it. */
  List<String> words() {
    return podman ? List.of("podman", "--remote", "--url", "unix://" + socket) : List.of("docker", "-H", "unix://" + socket);
  }

  /** An image that the engine has. @param reference an id or a name */
  Optional<InspectImageResponse> image(String reference) {
    try {
      return Optional.of(client.inspectImageCmd(reference).exec());
    } catch (NotFoundException e) {
      return Optional.empty();
    }
  }

  @Override
  public boolean has(String name) {
    return image(name).isPresent();
  }

  @Override
  public void load(Archive archive) {
    try (PipedInputStream in = new PipedInputStream(PIPE_BYTES); PipedOutputStream out = new PipedOutputStream(in)) {
      CompletableFuture<Void> written = new CompletableFuture<>();
      Thread.ofVirtual().name("image-archive").start(() -> {
        try (out) {
          archive.writeTo(out);
          written.complete(null);
        } catch (IOException | RuntimeException e) {
          written.completeExceptionally(e);
        }
      });
      last(post("/images/load?quiet=1", in, "application/x-tar"));
      written.join();
    } catch (CompletionException e) {
      throw new ComputeException("the image could not be read: " + e.getCause().getMessage(), e);
    } catch (IOException | RuntimeException e) {
      throw new ComputeException("the container engine does not take the image: " + e.getMessage(), e);
    }
  }

  @Override
  public Set<String> tags(String name) {
    String prefix = name + ":";
    return client.listImagesCmd().withReferenceFilter(name).exec().stream()
        .flatMap(image -> image.getRepoTags() == null ? Stream.empty() : Arrays.stream(image.getRepoTags()))
        .filter(each -> each.startsWith(prefix)).map(each -> each.substring(prefix.length()))
        .collect(Collectors.toSet());
  }

  @Override
  public boolean remove(String name) {
    try {
      client.removeImageCmd(name).exec();
      return true;
    } catch (NotFoundException e) {
      return true;
    } catch (ConflictException e) {
      return false;
    }
  }

  /** Makes an image of one layer. */
  void makeImage(byte[] layer, String repository, String tag) throws IOException {
    JsonNode made = last(post("/images/create?fromSrc=-&repo=" + repository + "&tag=" + tag,
        new ByteArrayInputStream(layer), "application/x-tar"));
    String id = made.path("id").asText(made.path("status").asText());
    // Podman does not give the name that was asked for
    client.tagImageCmd(id.replace("sha256:", ""), repository, tag).exec();
  }

  /** Asks Podman for what Docker's protocol has no words for. */
  void postPodman(String path, Object body) throws IOException {
    post("/v4.0.0/libpod" + path, new ByteArrayInputStream(JSON.writeValueAsBytes(body)), "application/json");
  }

  private byte[] post(String path, InputStream body, String type) throws IOException {
    Request request = Request.builder().method(Request.Method.POST).path(path)
        .putHeader("Content-Type", type).body(body).build();
    try (DockerHttpClient.Response answer = http.execute(request); InputStream content = answer.getBody()) {
      byte[] text = content.readNBytes(MOST_ANSWER_BYTES);
      if (answer.getStatusCode() >= 300) {
        throw new IOException(message(text));
      }
      return text;
    }
  }

  private static String message(byte[] text) {
    try {
      JsonNode told = JSON.readTree(text);
      return told.path("message").asText(told.path("cause").asText("the engine refused"));
    } catch (IOException e) {
      return new String(text, StandardCharsets.UTF_8).strip();
    }
  }

  /** Progress is told in a document each; the last one says what came out. */
  private static JsonNode last(byte[] text) throws IOException {
    JsonNode last = JSON.createObjectNode();
    try (var documents = JSON.readerFor(JsonNode.class).<JsonNode>readValues(text)) {
      while (documents.hasNext()) {
        last = documents.next();
      }
    }
    if (last.hasNonNull("error")) {
      throw new IOException(last.get("error").asText());
    }
    return last;
  }

  /** The names of the containers whose label has a value, running or not. */
  List<String> containers(Map<String, String> labels) {
    return client.listContainersCmd().withShowAll(true).withLabelFilter(labels).exec().stream()
        .map(container -> container.getNames()[0].replaceFirst("^/", "")).toList();
  }

  /** Ends and deletes a container. An unknown one is no error; one that cannot be deleted goes with the next opening. */
  void removeContainer(String name) {
    for (int left = TRIES; left > 0; left--) {
      try {
        client.removeContainerCmd(name).withForce(true).withRemoveVolumes(true).exec();
        return;
      } catch (NotFoundException e) {
        return; // it never came to be, or is gone
      } catch (DockerException e) {
        // the engine itself still cleans up after its end
        LOG.log(left > 1 ? Level.DEBUG : Level.WARNING, "the container " + name + " cannot be deleted", e);
        LockSupport.parkNanos(TRY_AGAIN_NANOS);
      }
    }
  }

  @Override
  public void close() {
    try {
      http.close();
    } catch (IOException e) {
      throw new ComputeException("the container engine's connection did not close: " + e.getMessage(), e);
    }
  }
}
