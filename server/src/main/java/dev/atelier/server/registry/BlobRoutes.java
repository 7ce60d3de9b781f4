package dev.atelier.server.registry;

import dev.atelier.ecr.Registry;
import dev.atelier.ecr.Repository;
import dev.atelier.objects.ObjectReader;
import dev.atelier.wire.Headers;
import dev.atelier.wire.WireRequest;
import dev.atelier.wire.WireResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.eclipse.jetty.http.ByteRange;

/** Layers and configurations, whole or a range of them. */
final class BlobRoutes {
  private static final String BINARY = "application/octet-stream";

  private final Registry registry;

  BlobRoutes(Registry registry) {
    this.registry = registry;
  }

  WireResponse blob(RegistryRequest request, String name, String digest) {
    String method = request.wire().method();
    if (method.equals("DELETE")) {
      return RegistryError.UNSUPPORTED.answer("Layers go with the images that need them: delete those.");
    }
    if (!method.equals("GET") && !method.equals("HEAD")) {
      return RegistryError.UNSUPPORTED.answer("The operation is unsupported.");
    }
    String action = method.equals("HEAD") ? "BatchCheckLayerAvailability" : "GetDownloadUrlForLayer";
    Repository repository = registry.open(request.caller(), action, request.place(name), request.keys());
    return registry.read(repository, digest).map(reader -> content(request.wire(), reader, digest))
        .orElseGet(() -> RegistryError.BLOB_UNKNOWN.answer("The layer with digest " + digest + " does not exist"));
  }

  /** What an address of GetDownloadUrlForLayer leads to. */
  WireResponse download(WireRequest request, String token) {
    if (!request.method().equals("GET") && !request.method().equals("HEAD")) {
      return RegistryError.UNSUPPORTED.answer("The operation is unsupported.");
    }
    return registry.download(token).map(reader -> content(request, reader, ""))
        .orElseGet(() -> new RegistryError(403, "DENIED").answer("The address is not valid, or not any more."));
  }

  private static WireResponse content(WireRequest request, ObjectReader reader, String digest) {
    long size = reader.object().size();
    Headers headers = Headers.of("Content-Type", BINARY, "Accept-Ranges", "bytes");
    if (!digest.isEmpty()) {
      headers.set("Docker-Content-Digest", digest).set("ETag", "\"" + digest + "\"");
    }
    Optional<String> range = request.headers().first("Range");
    if (range.isEmpty() || request.method().equals("HEAD")) {
      return new WireResponse(200, headers, new WireResponse.Stream(reader.stream(), OptionalLong.of(size)));
    }
    List<ByteRange> ranges = ByteRange.parse(List.of(range.get()), size);
    if (ranges.size() != 1) {
      close(reader);
      WireResponse answer = RegistryError.RANGE.answer("The range cannot be satisfied.");
      answer.headers().set("Content-Range", "bytes */" + size);
      return answer;
    }
    ByteRange one = ranges.getFirst();
    headers.set("Content-Range", "bytes " + one.first() + "-" + one.last() + "/" + size);
    return new WireResponse(206, headers, new WireResponse.Stream(reader.stream(one.first(), one.getLength()),
        OptionalLong.of(one.getLength())));
  }

  private static void close(ObjectReader reader) {
    try {
      reader.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
