package dev.atelier.ecr;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.atelier.compute.ComputeException;
import dev.atelier.compute.Image.Layer;
import dev.atelier.compute.Image.Reference;
import dev.atelier.jobs.JobRoles;
import dev.atelier.kernel.AccountId;
import dev.atelier.kernel.Caller;
import dev.atelier.kernel.Fault;
import dev.atelier.kernel.Region;
import dev.atelier.objects.ObjectReader;
import dev.atelier.runtimes.ImageException;
import dev.atelier.runtimes.ImageRequest;
import dev.atelier.runtimes.Images;
import dev.atelier.runtimes.PreparedImage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Runs images that were pushed to ECR in a container engine, pulled with the job's role; other names are the catalogue's.
 * Programs are what SageMaker's containers get: the image's entry point with {@code train} or {@code serve} after it.
 */
public final class PushedImages implements Images {
  private static final Pattern NAME = Pattern.compile(
      "(\\d{12})\\.dkr\\.ecr\\.([a-z0-9-]+)\\.amazonaws\\.com(?:\\.cn)?/([^:@]+)(?::([^@]+))?(?:@(.+))?");
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int MOST_CONFIG_BYTES = 4 << 20;
  private static final Map<String, String> ARCHITECTURES = Map.of("amd64", "amd64", "x86_64", "amd64", "aarch64", "arm64");

  private final Registry registry;
  private final JobRoles roles;
  private final Images catalogue;
  private final Optional<EngineImages> engine;
  private final List<Layer> layers;

  PushedImages(Registry registry, JobRoles roles, Images catalogue, Optional<EngineImages> engine,
      List<Layer> layers) {
    this.registry = registry;
    this.roles = roles;
    this.catalogue = catalogue;
    this.engine = engine;
    this.layers = List.copyOf(layers);
  }

  private record Named(Registry.Place place, ImageId id) {}

  private Optional<Named> pushed(String uri) {
    Matcher name = NAME.matcher(uri == null ? "" : uri);
    if (!name.matches() || !Region.isRegion(name.group(2))) {
      return Optional.empty();
    }
    Registry.Place place =
        new Registry.Place(new AccountId(name.group(1)), new Region(name.group(2)), name.group(3));
    ImageId id = name.group(5) == null ? ImageId.ofTag(name.group(4) == null ? "latest" : name.group(4))
        : ImageId.ofDigest(name.group(5));
    return registry.find(place).map(repository -> new Named(place, id));
  }

  @Override
  public PreparedImage prepare(ImageRequest request, Consumer<String> progress) {
    Optional<Named> named = pushed(request.uri());
    if (named.isEmpty()) {
      return catalogue.prepare(request, progress);
    }
    lack(request.uri()).ifPresent(reason -> {
      throw new ImageException(reason);
    });
    String role = request.role().orElseThrow(() ->
        new ImageException("The image " + request.uri() + " cannot be pulled: there is no ExecutionRoleArn."));
    try {
      return prepare(request.uri(), named.get(), role, progress);
    } catch (Fault | ComputeException e) {
      throw new ImageException("The image " + request.uri() + " cannot be pulled with the role " + role + ": "
          + e.getMessage());
    } catch (IOException e) {
      throw new ImageException("The image " + request.uri() + " cannot be read: " + e.getMessage());
    }
  }

  private PreparedImage prepare(String uri, Named named, String role, Consumer<String> progress) throws IOException {
    Caller caller = roles.caller(role, named.place().region(), "SageMaker");
    Repository repository = registry.open(caller, "BatchGetImage", named.place(), Map.of());
    registry.open(caller, "GetDownloadUrlForLayer", named.place(), Map.of());
    Manifest manifest = manifest(repository, named.id());
    Manifest.Descriptor described = manifest.config().orElseThrow(() -> new IOException("it has no configuration"));
    JsonNode config = JSON.readTree(bytes(repository, described.digest()));
    String name = engine.orElseThrow().require(registry, repository, manifest,
        () -> progress.accept("Loading the image " + uri + " into the container engine"));
    JsonNode settings = config.path("config");
    String directory = settings.path("WorkingDir").asText("");
    return new PreparedImage(new Reference(name, layers), Optional.of(directory.isEmpty() ? "/" : directory), List.of(),
        program(settings, "train"), program(settings, "serve"), List.of());
  }

  private static List<String> program(JsonNode settings, String word) {
    List<String> words = new ArrayList<>();
    settings.path("Entrypoint").forEach(each -> words.add(each.asText()));
    words.add(word);
    return words;
  }

  /** The image's own manifest; of a list, that for this machine. */
  private Manifest manifest(Repository repository, ImageId id) throws IOException {
    Registry.Pulled pulled = registry.pull(repository, id).orElseThrow(() -> EcrFault.imageNotFound(id, repository));
    Manifest manifest = Manifest.read(pulled.manifest(), Optional.of(pulled.image().mediaType()));
    if (manifest.config().isPresent()) {
      return manifest;
    }
    String wanted = ARCHITECTURES.getOrDefault(System.getProperty("os.arch"), System.getProperty("os.arch"));
    for (JsonNode each : JSON.readTree(pulled.manifest()).path("manifests")) {
      if (each.path("platform").path("os").asText("linux").equals("linux")
          && each.path("platform").path("architecture").asText(wanted).equals(wanted)) {
        ImageId own = ImageId.ofDigest(each.path("digest").asText());
        Registry.Pulled found =
            registry.pull(repository, own).orElseThrow(() -> EcrFault.imageNotFound(own, repository));
        return Manifest.read(found.manifest(), Optional.of(found.image().mediaType()));
      }
    }
    throw new IOException("it has nothing for linux/" + wanted);
  }

  private byte[] bytes(Repository repository, String digest) throws IOException {
    try (ObjectReader reader =
        registry.read(repository, digest).orElseThrow(() -> new IOException("its configuration is gone"))) {
      return reader.stream().readNBytes(MOST_CONFIG_BYTES);
    }
  }

  @Override
  public Optional<String> refusal(String uri) {
    return pushed(uri).isPresent() ? lack(uri) : catalogue.refusal(uri);
  }

  @Override
  public Optional<String> lack(String uri) {
    return engine.isPresent() || pushed(uri).isEmpty() ? catalogue.lack(uri)
        : Optional.of("The image " + uri + " was pushed to ECR, and running it needs a container engine, which Atelier"
            + " has not found on this machine. Install podman (or Docker) and start its service"
            + " (systemctl enable --now podman.socket), let Atelier run as root, and start it again.");
  }

  @Override
  public List<String> differences(String uri) {
    return pushed(uri).isPresent() ? List.of() : catalogue.differences(uri);
  }

  @Override
  public Map<String, String> metrics(ImageRequest request) {
    return pushed(request.uri()).isPresent() ? Map.of() : catalogue.metrics(request);
  }
}
