package dev.atelier.wire;

import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Signs requests of Atelier's own tools with Signature Version 4, payload included. */
public final class SigV4Signer {
  private final String accessKeyId;
  private final String secretAccessKey;
  private final Optional<String> sessionToken;
  private final Clock clock;

  public SigV4Signer(String accessKeyId, String secretAccessKey, Optional<String> sessionToken, Clock clock) {
    this.accessKeyId = accessKeyId;
    this.secretAccessKey = secretAccessKey;
    this.sessionToken = sessionToken;
    this.clock = clock;
  }

  /**
   * The headers to add to a request. The Host header is signed as an HTTP client will send it: without the port where
   * it is the scheme's own.
   *
   * @param extra further headers that are to be signed, such as X-Amz-Target
   * @param service the signing name
   */
  public Map<String, String> sign(String method, URI uri, Map<String, String> extra, byte[] body, String region,
      String service) {
    String stamp = SignatureScope.stamp(clock.instant());
    String date = stamp.substring(0, 8);
    String hash = Hashes.sha256Hex(body);
    Map<String, String> added = new LinkedHashMap<>(extra);
    added.put("X-Amz-Date", stamp);
    added.put("X-Amz-Content-Sha256", hash);
    sessionToken.ifPresent(token -> added.put("X-Amz-Security-Token", token));
    Headers headers = Headers.of("Host", host(uri));
    added.forEach(headers::add);
    List<String> signed = headers.names().stream().sorted().toList();
    String query = uri.getRawQuery() == null ? "" : uri.getRawQuery();
    WireRequest request = new WireRequest(method, uri.getRawPath(), query, headers, InputStream.nullInputStream(), false, "");
    String path = service.equals("s3") ? CanonicalRequest.s3Path(uri.getRawPath())
        : CanonicalRequest.normalizedPath(uri.getRawPath());
    String canonical = CanonicalRequest.of(request, path, Query.parse(query).pairs(), signed, hash);
    String scope = date + "/" + region + "/" + service + "/aws4_request";
    String signature = Hashes.sign(Hashes.signingKey(secretAccessKey, date, region, service), "AWS4-HMAC-SHA256\n"
        + stamp + "\n" + scope + "\n" + Hashes.sha256Hex(canonical.getBytes(StandardCharsets.UTF_8)));
    added.put("Authorization", "AWS4-HMAC-SHA256 Credential=" + accessKeyId + "/" + scope + ", SignedHeaders="
        + String.join(";", signed) + ", Signature=" + signature);
    return added;
  }

  private static String host(URI uri) {
    boolean own = uri.getPort() < 0 || uri.getPort() == (uri.getScheme().equals("https") ? 443 : 80);
    return own ? uri.getHost() : uri.getHost() + ":" + uri.getPort();
  }
}
