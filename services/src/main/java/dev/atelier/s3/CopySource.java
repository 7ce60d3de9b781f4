package dev.atelier.s3;

import dev.atelier.objects.S3Fault;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;

/** The object that an x-amz-copy-source header names: {@code /bucket/key}, percent-encoded, perhaps with a version. */
record CopySource(String bucket, String key) {
  private static final String VERSION = "?versionId=";

  static CopySource of(String header) {
    int query = header.indexOf(VERSION);
    String path = query < 0 ? header : header.substring(0, query);
    String decoded = decoded(path.startsWith("/") ? path.substring(1) : path, header);
    int slash = decoded.indexOf('/');
    if (slash <= 0 || slash == decoded.length() - 1) {
      throw invalid(header);
    }
    CopySource source = new CopySource(decoded.substring(0, slash), decoded.substring(slash + 1));
    if (query >= 0) {
      Requests.refuseVersion(header.substring(query + VERSION.length()), source.key);
    }
    return source;
  }

  /** A plus sign in a path is a plus sign. */
  private static String decoded(String path, String header) {
    try {
      return URLDecoder.decode(path.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw invalid(header);
    }
  }

  private static RuntimeException invalid(String header) {
    return S3Fault.invalidArgument("x-amz-copy-source", header,
        "Copy Source must mention the source bucket and key: sourcebucket/sourcekey");
  }
}
