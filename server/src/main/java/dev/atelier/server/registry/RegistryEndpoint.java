package dev.atelier.server.registry;

import dev.atelier.ecr.Registry;
import dev.atelier.kernel.Caller;
import dev.atelier.kernel.Fault;
import dev.atelier.kernel.StorageFull;
import dev.atelier.server.http.HostRule;
import dev.atelier.server.http.SentBody;
import dev.atelier.server.http.TransportKeys;
import dev.atelier.wire.Headers;
import dev.atelier.wire.WireRequest;
import dev.atelier.wire.WireResponse;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers docker and podman: who they are, what they may, and then what they ask. */
public final class RegistryEndpoint {
  private static final Logger LOG = LoggerFactory.getLogger(RegistryEndpoint.class);
  private static final String VERSION = "Docker-Distribution-Api-Version";

  private final Registry registry;
  private final BlobRoutes blobs;
  private final UploadRoutes uploads;
  private final ManifestRoutes manifests;

  public RegistryEndpoint(Registry registry) {
    this.registry = registry;
    this.blobs = new BlobRoutes(registry);
    this.uploads = new UploadRoutes(registry);
    this.manifests = new ManifestRoutes(registry);
  }

  /**
   * Answers a request.
   *
   * @param host the registry's own host, if it was asked for by that; otherwise the token says whose registry is meant
   */
  public WireResponse answer(WireRequest request, Optional<HostRule.Registry> host) {
    WireResponse answer;
    try {
      answer = routed(request, host);
    } catch (Fault fault) {
      answer = RegistryError.of(fault);
    } catch (RuntimeException failure) {
      answer = failed(request, failure);
    }
    answer.headers().set(VERSION, "registry/2.0");
    return answer;
  }

  private static WireResponse failed(WireRequest request, RuntimeException failure) {
    if (StorageFull.caused(failure)) {
      LOG.warn("the disk is full: {}", failure.getMessage());
      return new RegistryError(507, "UNKNOWN").answer("The server has no space left to store the request.");
    }
    if (SentBody.brokeOff(failure)) {
      LOG.debug("a request to the registry broke off", failure);
      return new RegistryError(400, "SIZE_INVALID").answer("The request's body broke off.");
    }
    LOG.error("request {} {} to the registry failed", request.method(), request.rawPath(), failure);
    return new RegistryError(500, "UNKNOWN").answer("The request failed because of an unknown error.");
  }

  private WireResponse routed(WireRequest request, Optional<HostRule.Registry> host) {
    Optional<RegistryPath> path = RegistryPath.of(request.rawPath());
    if (path.isPresent() && path.get() instanceof RegistryPath.Download(String token)) {
      return blobs.download(request, token);
    }
    Optional<Caller> caller = request.headers().first("Authorization")
        .filter(value -> value.toLowerCase(Locale.ROOT).startsWith("basic "))
        .flatMap(value -> registry.caller(value.substring("basic ".length()).strip()));
    if (caller.isEmpty()) {
      return unknown(request);
    }
    Caller known = host.map(each -> new Caller(caller.get().account(), each.region(), caller.get().identity(),
        caller.get().accessKeyId())).orElse(caller.get());
    RegistryRequest asked = new RegistryRequest(request, known,
        host.map(HostRule.Registry::account).orElse(known.account()), known.region(), TransportKeys.of(request));
    return path.map(each -> answer(asked, each)).orElseGet(() ->
        RegistryError.NOWHERE.answer("The registry has nothing at this path."));
  }

  private static WireResponse unknown(WireRequest request) {
    boolean sent = request.headers().has("Authorization");
    WireResponse answer = RegistryError.UNAUTHORIZED.answer(sent
        ? "Your authorization token is not valid or has expired. Reauthenticate and try again." : "Not Authorized");
    String host = request.headers().first("Host").orElse("").replaceAll("[^A-Za-z0-9.:\\[\\]-]", "");
    answer.headers().set("WWW-Authenticate", "Basic realm=\"" + (request.secure() ? "https" : "http") + "://" + host
        + "/\",service=\"ecr.amazonaws.com\"");
    return answer;
  }

  private WireResponse answer(RegistryRequest request, RegistryPath path) {
    return switch (path) {
      case RegistryPath.Base base -> new WireResponse(200, Headers.of("Content-Type", "application/json"),
          new WireResponse.Bytes("{}".getBytes(StandardCharsets.UTF_8)));
      case RegistryPath.Catalogue catalogue -> manifests.catalogue(request);
      case RegistryPath.Download download -> blobs.download(request.wire(), download.token());
      case RegistryPath.Uploads(String name) -> named(name, () -> uploads.start(request, name));
      case RegistryPath.Upload(String name, String id) -> named(name, () -> uploads.go(request, name, id));
      case RegistryPath.Blob(String name, String digest) -> named(name, () -> blobs.blob(request, name, digest));
      case RegistryPath.Manifest(String name, String reference) ->
          named(name, () -> manifests.manifest(request, name, reference));
      case RegistryPath.Tags(String name) -> named(name, () -> manifests.tags(request, name));
      case RegistryPath.Referrers(String name, String digest) ->
          named(name, () -> manifests.referrers(request, name, digest));
    };
  }

  private static WireResponse named(String name, Supplier<WireResponse> answer) {
    return RegistryPath.isName(name) ? answer.get()
        : RegistryError.NAME_INVALID.answer("The repository name is not valid");
  }
}
