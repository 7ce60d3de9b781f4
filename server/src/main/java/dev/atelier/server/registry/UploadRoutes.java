package dev.atelier.server.registry;

import dev.atelier.ecr.Registry;
import dev.atelier.ecr.Repository;
import dev.atelier.kernel.Fault;
import dev.atelier.wire.Headers;
import dev.atelier.wire.WireResponse;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How layers arrive: in one request, in chunks, or from a repository that has them already. */
final class UploadRoutes {
  private static final Pattern RANGE = Pattern.compile("(?:bytes )?(\\d{1,18})-(\\d{1,18})(?:/.*)?");
  private static final WireResponse.Bytes NOTHING = new WireResponse.Bytes(new byte[0]);

  private final Registry registry;

  UploadRoutes(Registry registry) {
    this.registry = registry;
  }

  WireResponse start(RegistryRequest request, String name) {
    if (!request.wire().method().equals("POST")) {
      return RegistryError.UNSUPPORTED.answer("The operation is unsupported.");
    }
    Repository repository = registry.open(request.caller(), "InitiateLayerUpload", request.place(name), request.keys());
    Optional<String> mounted = request.query("mount");
    Optional<String> from = mounted.flatMap(each -> request.query("from"));
    if (from.filter(each -> mount(request, each, repository, mounted.get())).isPresent()) {
      return created(name, mounted.get());
    }
    Optional<String> digest = request.query("digest");
    String id = registry.startUpload(repository);
    if (digest.isPresent()) {
      return finish(request, repository, id, digest.get());
    }
    return accepted(202, name, id, 0);
  }

  /** Whether the layer is there now, without being sent. */
  private boolean mount(RegistryRequest request, String from, Repository to, String digest) {
    if (!RegistryPath.isName(from)) {
      return false;
    }
    try {
      Repository source = registry.open(request.caller(), "GetDownloadUrlForLayer", request.place(from), request.keys());
      return registry.mount(source, to, digest);
    } catch (Fault refused) {
      // whoever may not read there sends the layer
      return false;
    }
  }

  WireResponse go(RegistryRequest request, String name, String id) {
    return switch (request.wire().method()) {
      case "PATCH" -> {
        Repository repository = open(request, "UploadLayerPart", name);
        yield accepted(202, name, id, append(request, repository, id));
      }
      case "PUT" -> {
        Repository repository = open(request, "CompleteLayerUpload", name);
        yield request.query("digest").map(digest -> finish(request, repository, id, digest))
            .orElseGet(() -> RegistryError.DIGEST_INVALID.answer("The digest of the layer is missing."));
      }
      case "GET", "HEAD" -> {
        Repository repository = open(request, "UploadLayerPart", name);
        yield accepted(204, name, id, registry.received(repository, id));
      }
      case "DELETE" -> {
        registry.cancel(open(request, "UploadLayerPart", name), id);
        yield new WireResponse(204, new Headers(), NOTHING);
      }
      default -> RegistryError.UNSUPPORTED.answer("The operation is unsupported.");
    };
  }

  private Repository open(RegistryRequest request, String action, String name) {
    return registry.open(request.caller(), action, request.place(name), request.keys());
  }

  private long append(RegistryRequest request, Repository repository, String id) {
    OptionalLong first = OptionalLong.empty();
    Optional<String> range = request.header("Content-Range");
    if (range.isPresent()) {
      Matcher matcher = RANGE.matcher(range.get());
      if (!matcher.matches()) {
        throw new Fault("InvalidLayerPartException", 400, "The range of the chunk is not valid.");
      }
      first = OptionalLong.of(Long.parseLong(matcher.group(1)));
    }
    return registry.append(repository, id, first, request.length(), request.wire().body());
  }

  /** Takes what comes with the last request, and ends the upload. */
  private WireResponse finish(RegistryRequest request, Repository repository, String id, String digest) {
    if (request.length().orElse(1) > 0) {
      open(request, "UploadLayerPart", repository.name());
      append(request, repository, id);
    }
    open(request, "CompleteLayerUpload", repository.name());
    registry.complete(repository, id, digest);
    return created(repository.name(), digest);
  }

  private static WireResponse accepted(int status, String name, String id, long received) {
    return new WireResponse(status, Headers.of("Location", "/v2/" + name + "/blobs/uploads/" + id,
        "Docker-Upload-UUID", id, "Range", "0-" + Math.max(0, received - 1)), NOTHING);
  }

  private static WireResponse created(String name, String digest) {
    return new WireResponse(201, Headers.of("Location", "/v2/" + name + "/blobs/" + digest,
        "Docker-Content-Digest", digest), NOTHING);
  }
}
