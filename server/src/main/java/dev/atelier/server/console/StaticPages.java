package dev.atelier.server.console;

import dev.atelier.wire.Headers;
import dev.atelier.wire.WireRequest;
import dev.atelier.wire.WireResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/**
 * The built pages, from the class path. Only names of the build's own form are looked up; the routes that the page knows
 * are plain words, and each gets the page.
 */
final class StaticPages {
  private static final Pattern ASSET = Pattern.compile("/assets/[A-Za-z0-9_-][A-Za-z0-9_.-]*");
  private static final Pattern ROOT_FILE = Pattern.compile("/[a-z-]+\\.(svg|png|ico|txt)");
  private static final Pattern ROUTE = Pattern.compile("/[a-z0-9/-]*");
  private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
      + "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; worker-src 'self'; manifest-src 'self'; "
      + "base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
  private static final Map<String, String> TYPES = Map.of("html", "text/html;charset=utf-8",
      "js", "text/javascript;charset=utf-8", "css", "text/css;charset=utf-8", "svg", "image/svg+xml",
      "png", "image/png", "ico", "image/x-icon", "woff2", "font/woff2", "woff", "font/woff", "txt", "text/plain",
      "json", "application/json");

  private final String folder;
  private final Map<String, Optional<byte[]>> read = new ConcurrentHashMap<>();

  /** @param folder of the class path */
  StaticPages(String folder) {
    this.folder = folder;
  }

  WireResponse answer(WireRequest request) {
    if (!request.method().equals("GET") && !request.method().equals("HEAD")) {
      return Answers.text(405, "Pages are read.");
    }
    String path = request.rawPath();
    boolean asset = ASSET.matcher(path).matches();
    if (asset || ROOT_FILE.matcher(path).matches()) {
      return file(request, path, asset ? "public, max-age=31536000, immutable" : "no-cache")
          .orElseGet(() -> Answers.text(404, "There is no such file."));
    }
    if (path.startsWith("/assets") || path.contains("//") || !ROUTE.matcher(path).matches()) {
      return Answers.text(404, "There is no such page.");
    }
    return file(request, "/index.html", "no-cache")
        .orElseGet(this::absent);
  }

  private WireResponse absent() {
    return Answers.text(501, load("/absent.txt")
        .map(why -> "This build of Atelier has no pages: " + new String(why, StandardCharsets.UTF_8)
            + ". The next ./atelier up that can reach it builds them.")
        .orElse("This build of Atelier has no pages: it was made without the module web."));
  }

  private Optional<WireResponse> file(WireRequest request, String path, String caching) {
    boolean packed = String.join(",", request.headers().all("Accept-Encoding")).contains("gzip")
        && bytes(path + ".gz").isPresent();
    return bytes(packed ? path + ".gz" : path).map(content -> {
      String ending = path.substring(path.lastIndexOf('.') + 1);
      Headers headers = Headers.of("Content-Type", TYPES.getOrDefault(ending, "application/octet-stream"),
          "Cache-Control", caching, "Vary", "Accept-Encoding", "Content-Security-Policy", POLICY,
          "Referrer-Policy", "no-referrer", "X-Frame-Options", "DENY", "Cross-Origin-Opener-Policy", "same-origin",
          "Cross-Origin-Resource-Policy", "same-origin",
          "Permissions-Policy", "camera=(), microphone=(), geolocation=()");
      if (packed) {
        headers.add("Content-Encoding", "gzip");
      }
      return new WireResponse(200, headers, new WireResponse.Bytes(content));
    });
  }

  /** Of the build's few files, and so never many. */
  private Optional<byte[]> bytes(String path) {
    Optional<byte[]> known = read.get(path);
    if (known == null) {
      known = load(path);
      if (known.isPresent()) {
        read.put(path, known);
      }
    }
    return known;
  }

  private Optional<byte[]> load(String path) {
    try (InputStream in = StaticPages.class.getClassLoader().getResourceAsStream(folder + path)) {
      return in == null ? Optional.empty() : Optional.of(in.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
