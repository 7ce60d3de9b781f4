package dev.atelier.server.registry;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.atelier.ecr.ImageId;
import dev.atelier.ecr.Manifest;
import dev.atelier.ecr.Registry;
import dev.atelier.ecr.Repository;
import dev.atelier.wire.Headers;
import dev.atelier.wire.WireResponse;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Manifests, by tag or digest, and the lists of what there is. */
final class ManifestRoutes {
  private static final String INDEX = "application/vnd.oci.image.index.v1+json";

  private final Registry registry;

  ManifestRoutes(Registry registry) {
    this.registry = registry;
  }

  WireResponse manifest(RegistryRequest request, String name, String reference) {
    ImageId id = reference.indexOf(':') > 0 ? ImageId.ofDigest(reference) : ImageId.ofTag(reference);
    return switch (request.wire().method()) {
      case "GET", "HEAD" -> {
        Repository repository = open(request, "BatchGetImage", name);
        yield registry.pull(repository, id).map(ManifestRoutes::content).orElseGet(() ->
            RegistryError.MANIFEST_UNKNOWN.answer("Requested image not found"));
      }
      case "PUT" -> put(request, open(request, "PutImage", name), id);
      case "DELETE" -> {
        registry.delete(open(request, "BatchDeleteImage", name), id);
        yield new WireResponse(202, new Headers(), new WireResponse.Bytes(new byte[0]));
      }
      default -> RegistryError.UNSUPPORTED.answer("The operation is unsupported.");
    };
  }

  private Repository open(RegistryRequest request, String action, String name) {
    return registry.open(request.caller(), action, request.place(name), request.keys());
  }

  private static WireResponse content(Registry.Pulled pulled) {
    String digest = pulled.image().digest();
    return new WireResponse(200, Headers.of("Content-Type", pulled.image().mediaType(), "Docker-Content-Digest", digest,
        "ETag", "\"" + digest + "\""), body(pulled.manifest()));
  }

  /** A body whose length a HEAD request is told, too. */
  private static WireResponse.Stream body(byte[] bytes) {
    return new WireResponse.Stream(new ByteArrayInputStream(bytes), OptionalLong.of(bytes.length));
  }

  private WireResponse put(RegistryRequest request, Repository repository, ImageId id) {
    byte[] text;
    try {
      text = request.wire().body().readNBytes(Manifest.MOST_BYTES + 1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    if (text.length > Manifest.MOST_BYTES) {
      return RegistryError.TOO_LARGE.answer("A manifest has at most " + Manifest.MOST_BYTES + " bytes");
    }
    Optional<String> type = request.header("Content-Type").map(value -> value.split(";", 2)[0].strip());
    Manifest manifest = registry.put(repository, text, type, id);
    Headers headers = Headers.of("Location", "/v2/" + repository.name() + "/manifests/" + manifest.digest(),
        "Docker-Content-Digest", manifest.digest());
    manifest.subject().ifPresent(subject -> headers.set("OCI-Subject", subject));
    return new WireResponse(201, headers, new WireResponse.Bytes(new byte[0]));
  }

  WireResponse tags(RegistryRequest request, String name) {
    Repository repository = open(request, "ListImages", name);
    int page = request.page();
    List<String> found = page == 0 ? List.of() : registry.tags(repository, request.query("last").orElse(""), page + 1);
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    root.put("name", name);
    return listed("/v2/" + name + "/tags/list", root, root.putArray("tags"), found, page);
  }

  WireResponse catalogue(RegistryRequest request) {
    registry.authoriseAll(request.caller(), "DescribeRepositories", request.keys());
    int page = request.page();
    List<String> found = page == 0 ? List.of()
        : registry.names(request.caller(), request.query("last").orElse(""), page + 1);
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    return listed("/v2/_catalog", root, root.putArray("repositories"), found, page);
  }

  /** @param found one more than the page has, if there are more */
  private static WireResponse listed(String path, ObjectNode root, ArrayNode list, List<String> found, int page) {
    found.stream().limit(page).forEach(list::add);
    Headers headers = Headers.of("Content-Type", "application/json");
    if (found.size() > page) {
      headers.set("Link", "<" + path + "?n=" + page + "&last="
          + URLEncoder.encode(found.get(page - 1), StandardCharsets.UTF_8) + ">; rel=\"next\"");
    }
    return new WireResponse(200, headers, body(root.toString().getBytes(StandardCharsets.UTF_8)));
  }

  WireResponse referrers(RegistryRequest request, String name, String digest) {
    Repository repository = open(request, "BatchGetImage", name);
    if (digest.indexOf(':') < 0) {
      return RegistryError.DIGEST_INVALID.answer("The digest is not valid");
    }
    Optional<String> type = request.query("artifactType");
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    root.put("schemaVersion", 2).put("mediaType", INDEX);
    ArrayNode list = root.putArray("manifests");
    for (Registry.Pulled each : registry.referrers(repository, digest)) {
      Optional<String> artifact = each.image().artifactType();
      if (type.isEmpty() || type.equals(artifact)) {
        ObjectNode entry = list.addObject().put("mediaType", each.image().mediaType())
            .put("digest", each.image().digest()).put("size", each.manifest().length);
        artifact.ifPresent(kind -> entry.put("artifactType", kind));
        Manifest manifest = Manifest.read(each.manifest(), Optional.of(each.image().mediaType()));
        if (!manifest.annotations().isEmpty()) {
          ObjectNode annotations = entry.putObject("annotations");
          manifest.annotations().forEach(annotations::put);
        }
      }
    }
    Headers headers = Headers.of("Content-Type", INDEX);
    type.ifPresent(filtered -> headers.set("OCI-Filters-Applied", "artifactType"));
    return new WireResponse(200, headers, body(root.toString().getBytes(StandardCharsets.UTF_8)));
  }
}
