package dev.atelier.jobs;

import dev.atelier.kernel.Fault;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;

/**
 * A bucket and a key, or the beginning of keys. Read from {@code s3://bucket/key} or from any of S3's https spellings;
 * it is only ever parsed, never dialled.
 */
public record S3Location(String bucket, String key) {

  public static S3Location parse(String text) {
    if (text.startsWith("s3://")) {
      String rest = text.substring("s3://".length());
      int slash = rest.indexOf('/');
      return checked(text, slash < 0 ? rest : rest.substring(0, slash), slash < 0 ? "" : rest.substring(slash + 1));
    }
    return https(text);
  }

  private static S3Location https(String text) {
    URI uri;
    try {
      uri = new URI(text);
    } catch (URISyntaxException e) {
      throw notS3(text);
    }
    if (uri.getHost() == null || uri.getRawPath() == null || !"https".equals(uri.getScheme())) {
      throw notS3(text);
    }
    String path = URLDecoder.decode(uri.getRawPath().replace("+", "%2B"), StandardCharsets.UTF_8);
    String trimmed = path.startsWith("/") ? path.substring(1) : path;
    String host = uri.getHost();
    if (host.matches("s3[.-][a-z0-9.-]*amazonaws\\.com(\\.cn)?") || host.equals("s3.amazonaws.com")) {
      int slash = trimmed.indexOf('/');
      return checked(text, slash < 0 ? trimmed : trimmed.substring(0, slash),
          slash < 0 ? "" : trimmed.substring(slash + 1));
    }
    int s3 = host.indexOf(".s3");
    if (s3 < 0 || !host.substring(s3 + 1).matches("s3([.-][a-z0-9-]+)*\\.amazonaws\\.com(\\.cn)?")) {
      throw notS3(text);
    }
    return checked(text, host.substring(0, s3), trimmed);
  }

  private static S3Location checked(String text, String bucket, String key) {
    if (!bucket.matches("[a-zA-Z0-9._-]{3,255}")) {
      throw notS3(text);
    }
    return new S3Location(bucket, key);
  }

  private static Fault notS3(String text) {
    return Fault.validation("The S3 URL \"" + text + "\" is not valid.");
  }

  /** The location below this one, with exactly one slash between. */
  public S3Location child(String name) {
    return new S3Location(bucket, key.isEmpty() || key.endsWith("/") ? key + name : key + "/" + name);
  }

  @Override
  public String toString() {
    return "s3://" + bucket + "/" + key;
  }
}
