package dev.atelier.s3;

import dev.atelier.identity.EncodedPath;
import dev.atelier.kernel.Fault;
import dev.atelier.objects.ObjectName;
import dev.atelier.objects.S3Fault;
import java.util.Optional;
import java.util.function.Supplier;

/** The object that an x-amz-copy-source header names: {@code /bucket/key}, percent-encoded, perhaps with a version. */
record CopySource(String bucket, String key, Optional<String> version) {
  private static final String VERSION = "?versionId=";

  static CopySource of(String header) {
    int query = header.indexOf(VERSION);
    String path = query < 0 ? header : header.substring(0, query);
    String decoded = decoded(path.startsWith("/") ? path.substring(1) : path, header);
    int slash = decoded.indexOf('/');
    if (slash <= 0 || slash == decoded.length() - 1) {
      throw invalid(header);
    }
    return new CopySource(decoded.substring(0, slash), decoded.substring(slash + 1),
        query < 0 ? Optional.empty() : Optional.of(header.substring(query + VERSION.length())));
  }

  /** @throws Fault InvalidArgument: no version has such an id */
  ObjectName name() {
    return new ObjectName(bucket, key, version);
  }

  /** Reads the source. @throws Fault InvalidRequest: the version is a delete marker */
  <T> T reading(Supplier<T> read) {
    try {
      return read.get();
    } catch (Fault fault) {
      if (version.isPresent() && fault.code().equals("MethodNotAllowed")) {
        throw S3Fault.invalidRequest(
            "The source of a copy request may not specifically refer to a delete marker by version id.");
      }
      throw fault;
    }
  }

  private static String decoded(String path, String header) {
    return EncodedPath.decode(path).orElseThrow(() -> invalid(header));
  }

  private static RuntimeException invalid(String header) {
    return S3Fault.invalidArgument("x-amz-copy-source", header,
        EncodedPath.NO_COPY_SOURCE);
  }
}
