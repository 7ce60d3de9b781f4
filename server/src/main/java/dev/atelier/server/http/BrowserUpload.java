package dev.atelier.server.http;

import dev.atelier.kernel.Fault;
import dev.atelier.models.OperationModel;
import dev.atelier.models.ServiceModel;
import dev.atelier.s3.PostPolicy;
import dev.atelier.wire.Authentication;
import dev.atelier.wire.Headers;
import dev.atelier.wire.WireRequest;
import dev.atelier.wire.WireResponse;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The form with which a browser uploads an object: {@code POST} to a bucket, which is no operation of the model. Its
 * fields are named as PutObject's headers are, so it is performed as a PutObject that has them for headers.
 */
record BrowserUpload(String bucket, String key, FormBody form, OperationModel operation) {
  private static final Set<String> NOT_HEADERS = Set.of("key", "policy", "signature", "awsaccesskeyid", "bucket",
      "success_action_redirect", "redirect", "success_action_status", "acl", "tagging", "file", "submit");
  private static final String FILE_NAME = "${filename}";

  /** Whether a request to S3 is such a form, or ought to be one. */
  static boolean is(WireRequest request, Optional<String> virtualBucket) {
    return request.method().equals("POST") && request.rawQuery().isEmpty()
        && (virtualBucket.isPresent() ? request.rawPath().equals("/")
            : request.rawPath().matches("/[^/]+/?") && !request.rawPath().equals("/WriteGetObjectResponse"));
  }

  /** Reads the form up to its file. @throws Fault for a form that cannot be performed */
  static BrowserUpload of(WireRequest request, Optional<String> virtualBucket) {
    String type = request.headers().first("Content-Type").orElse("");
    if (!type.toLowerCase(java.util.Locale.ROOT).startsWith("multipart/form-data")) {
      throw new Fault("PreconditionFailed", 412, "At least one of the pre-conditions you specified did not hold",
          Map.of("Condition", "Bucket POST must be of the enclosure-type multipart/form-data"));
    }
    FormBody form = FormBody.read(type, request.body());
    String key = form.fields().getOrDefault("key", "");
    if (key.isEmpty()) {
      throw new Fault("InvalidArgument", 400, "Bucket POST must contain a field named 'key'.  If it is specified, please "
          + "check the order of the fields.", Map.of("ArgumentName", "key", "ArgumentValue", ""));
    }
    String bucket = virtualBucket.orElseGet(() -> request.rawPath().replace("/", ""));
    return new BrowserUpload(bucket, key.replace(FILE_NAME, form.fileName().map(BrowserUpload::lastName).orElse("")),
        form, ServiceModel.load("s3").operation("PutObject").orElseThrow());
  }

  /** Some browsers send the path of the file. */
  private static String lastName(String fileName) {
    return fileName.substring(Math.max(fileName.lastIndexOf('/'), fileName.lastIndexOf('\\')) + 1);
  }

  /** The fields of the form. */
  Map<String, String> fields() {
    return form.fields();
  }

  /**
   * The form as a request for PutObject.
   *
   * @throws Fault AccessDenied when a signed form is not what its policy allows
   */
  Wires.Match match(WireRequest request, Wire wire, Authentication authentication, Instant now) {
    // only what is signed is read
    PostPolicy policy = authentication instanceof Authentication.Verified
        ? PostPolicy.parse(form.fields().getOrDefault("policy", "")) : PostPolicy.none();
    if (authentication instanceof Authentication.Verified) {
      Map<String, String> bound = new LinkedHashMap<>(form.fields());
      bound.put("bucket", bucket);
      bound.put("key", key);
      policy.check(bound, now);
    }
    Headers headers = new Headers();
    form.fields().forEach((name, value) -> {
      if (!NOT_HEADERS.contains(name) && !name.startsWith("x-ignore-")) {
        headers.set(name, value);
      }
    });
    Optional.ofNullable(form.fields().get("acl")).ifPresent(acl -> headers.set("x-amz-acl", acl));
    Optional.ofNullable(form.fields().get("tagging"))
        .ifPresent(xml -> headers.set("x-amz-tagging", tagging(wire, request, xml)));
    WireRequest put = new WireRequest("PUT", request.rawPath(), "", headers,
        new Bounded(form.file(), policy.least(), policy.most()), request.secure(), request.peer());
    return new Wires.Match(operation, Map.of("Bucket", bucket, "Key", key), put);
  }

  /** The tag set of the form, in XML, as the header has it. */
  private static String tagging(Wire wire, WireRequest request, String xml) {
    OperationModel tagging = ServiceModel.load("s3").operation("PutObjectTagging").orElseThrow();
    Map<String, Object> document = wire.protocol().decode(tagging,
        new WireRequest("PUT", "/", "", new Headers(), new java.io.ByteArrayInputStream(
            xml.getBytes(StandardCharsets.UTF_8)), request.secure(), ""), Map.of());
    StringBuilder header = new StringBuilder();
    if (document.get("Tagging") instanceof Map<?, ?> tags && tags.get("TagSet") instanceof Iterable<?> set) {
      for (Object each : set) {
        if (each instanceof Map<?, ?> tag) {
          header.append(header.isEmpty() ? "" : "&").append(encoded(tag.get("Key"))).append('=')
              .append(encoded(tag.get("Value")));
        }
      }
    }
    return header.toString();
  }

  private static String encoded(Object value) {
    return URLEncoder.encode(value == null ? "" : value.toString(), StandardCharsets.UTF_8);
  }

  /** The answer that the form asks for, from PutObject's. */
  WireResponse answer(WireResponse put) {
    Headers headers = put.headers().copy();
    headers.remove("Content-Type");
    String etag = headers.first("ETag").orElse("");
    String location = "/" + bucket + "/" + URLEncoder.encode(key, StandardCharsets.UTF_8).replace("+", "%20");
    headers.set("Location", location);
    Optional<URI> redirect = Optional.ofNullable(form.fields().get("success_action_redirect"))
        .or(() -> Optional.ofNullable(form.fields().get("redirect"))).flatMap(BrowserUpload::uri);
    if (redirect.isPresent()) {
      String query = "bucket=" + encoded(bucket) + "&key=" + encoded(key) + "&etag=" + encoded(etag);
      String target = redirect.get().toString();
      headers.set("Location", target + (redirect.get().getRawQuery() == null ? "?" : "&") + query);
      return new WireResponse(303, headers, new WireResponse.Bytes(new byte[0]));
    }
    return switch (form.fields().getOrDefault("success_action_status", "")) {
      case "200" -> new WireResponse(200, headers, new WireResponse.Bytes(new byte[0]));
      case "201" -> {
        headers.set("Content-Type", "application/xml");
        yield new WireResponse(201, headers, new WireResponse.Bytes(
            PostResponse.xml(location, bucket, key, etag).getBytes(StandardCharsets.UTF_8)));
      }
      default -> new WireResponse(204, headers, new WireResponse.Bytes(new byte[0]));
    };
  }

  /** Only an address of the web is followed; what is none is passed over, as by S3. */
  private static Optional<URI> uri(String text) {
    try {
      return Optional.of(URI.create(text)).filter(uri -> "http".equalsIgnoreCase(uri.getScheme())
          || "https".equalsIgnoreCase(uri.getScheme()));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** A file of the length that the policy allows. */
  private static final class Bounded extends FilterInputStream {
    private final long least;
    private final long most;
    private long size;

    Bounded(InputStream in, long least, long most) {
      super(in);
      this.least = least;
      this.most = most;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      int count = super.read(bytes, offset, length);
      if (count < 0 && size < least) {
        throw new Fault("EntityTooSmall", 400, "Your proposed upload is smaller than the minimum allowed size",
            Map.of("ProposedSize", Long.toString(size), "MinSizeAllowed", Long.toString(least)));
      }
      size += Math.max(count, 0);
      if (size > most) {
        throw new Fault("EntityTooLarge", 400, "Your proposed upload exceeds the maximum allowed size",
            Map.of("ProposedSize", Long.toString(size), "MaxSizeAllowed", Long.toString(most)));
      }
      return count;
    }
  }
}
