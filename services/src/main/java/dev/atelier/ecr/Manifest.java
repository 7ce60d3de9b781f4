package dev.atelier.ecr;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.atelier.kernel.Fault;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a manifest says, read once when it is put: Docker's image manifest of schema 2 and manifest list, and the OCI
 * image manifest and index (github.com/opencontainers/image-spec). The text itself is kept byte by byte: its digest names it.
 *
 * @param digest of the text
 * @param config the image's configuration
 * @param layers what must be in the repository, the configuration included
 * @param images the digests of other manifests that must be there
 * @param subject the manifest that this one says something about
 * @param artifactType what kind of artifact it is, where it is no image
 * @param annotations what it says about itself
 */
public record Manifest(String mediaType, String digest, Optional<Descriptor> config, List<Descriptor> layers,
    List<Descriptor> images, Optional<String> subject, Optional<String> artifactType, Map<String, String> annotations) {
  static final String DOCKER = "application/vnd.docker.distribution.manifest.v2+json";
  static final String DOCKER_LIST = "application/vnd.docker.distribution.manifest.list.v2+json";
  static final String OCI = "application/vnd.oci.image.manifest.v1+json";
  static final String OCI_INDEX = "application/vnd.oci.image.index.v1+json";
  /** The longest that ECR takes. */
  public static final int MOST_BYTES = 4 << 20;

  private static final ObjectMapper JSON = new ObjectMapper()
      .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS, DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY);

  public Manifest {
    layers = List.copyOf(layers);
    images = List.copyOf(images);
    annotations = Map.copyOf(annotations);
  }

  /**
   * A reference to something by its digest.
   *
   * @param elsewhere whether it may be had somewhere else, and so need not be here
   */
  public record Descriptor(String mediaType, String digest, long size, boolean elsewhere) {}

  /**
   * Reads a manifest.
   *
   * @param said the media type that came with it
   * @throws Fault InvalidParameterException
   */
  public static Manifest read(byte[] text, Optional<String> said) {
    JsonNode root = json(text);
    Optional<String> own = string(root, "mediaType");
    Optional<String> claimed = said.filter(type -> !type.isEmpty());
    if (own.isPresent() && claimed.isPresent() && !own.equals(claimed)) {
      throw bad("The manifest's mediaType " + own.get() + " is not " + claimed.get());
    }
    String type = own.or(() -> claimed).or(() -> inferred(root)).orElseThrow(() ->
        EcrFault.of("InvalidParameterException", "image manifest mediatype not provided in manifest or parameter"));
    if (root.path("schemaVersion").asInt() != 2) {
      throw bad("Only manifests of schema version 2 are supported");
    }
    String digest = sha256(text);
    Optional<String> subject = Optional.of(root.path("subject")).filter(JsonNode::isObject)
        .map(node -> descriptor(node, "subject").digest());
    Map<String, String> annotations = new LinkedHashMap<>();
    root.path("annotations").properties().forEach(each -> annotations.put(each.getKey(), each.getValue().asText()));
    return switch (type) {
      case DOCKER, OCI -> image(root, type, digest, subject, annotations);
      case DOCKER_LIST, OCI_INDEX -> new Manifest(type, digest, Optional.empty(), List.of(),
          descriptors(root, "manifests"), subject, string(root, "artifactType"), annotations);
      default -> throw bad("The media type " + type + " is not supported");
    };
  }

  private static Manifest image(JsonNode root, String type, String digest, Optional<String> subject,
      Map<String, String> annotations) {
    if (!root.path("config").isObject()) {
      throw bad("The manifest has no config");
    }
    Descriptor config = descriptor(root.path("config"), "config");
    List<Descriptor> layers = new ArrayList<>(List.of(config));
    layers.addAll(descriptors(root, "layers"));
    return new Manifest(type, digest, Optional.of(config), layers, List.of(), subject,
        string(root, "artifactType").or(() -> Optional.of(config.mediaType())), annotations);
  }

  private static JsonNode json(byte[] text) {
    try {
      JsonNode root = JSON.readTree(text);
      if (root != null && root.isObject()) {
        return root;
      }
    } catch (JsonProcessingException e) {
      // answered below
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    throw bad("Invalid JSON syntax");
  }

  private static Optional<String> inferred(JsonNode root) {
    if (root.path("config").path("mediaType").asText().startsWith("application/vnd.oci.")) {
      return Optional.of(OCI);
    }
    return root.path("manifests").isArray() ? Optional.of(OCI_INDEX) : Optional.empty();
  }

  private static List<Descriptor> descriptors(JsonNode root, String member) {
    JsonNode list = root.path(member);
    if (!list.isArray()) {
      throw bad("The manifest has no " + member);
    }
    List<Descriptor> found = new ArrayList<>();
    list.forEach(each -> found.add(descriptor(each, member)));
    return found;
  }

  private static Descriptor descriptor(JsonNode node, String member) {
    String digest = node.path("digest").asText("");
    JsonNode size = node.path("size");
    if (!ImageId.isDigest(digest) || !size.isIntegralNumber() || size.longValue() < 0) {
      throw bad("A descriptor in " + member + " has no valid digest and size");
    }
    boolean elsewhere = node.path("urls").isArray() && !node.path("urls").isEmpty();
    return new Descriptor(node.path("mediaType").asText(""), digest, size.longValue(), elsewhere);
  }

  private static Optional<String> string(JsonNode root, String member) {
    return Optional.of(root.path(member)).filter(JsonNode::isTextual).map(JsonNode::asText)
        .filter(text -> !text.isEmpty());
  }

  private static Fault bad(String constraint) {
    return EcrFault.invalid("ImageManifest", constraint);
  }

  /** The bytes of what is in the image itself; none for a list. */
  long layerBytes() {
    return layers.stream().mapToLong(Descriptor::size).sum();
  }

  /** The digest of a text, with {@code sha256:} before it. */
  public static String sha256(byte[] text) {
    try {
      return "sha256:" + HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
