package dev.atelier.wire;

import dev.atelier.kernel.Fault;
import dev.atelier.models.BlobShape;
import dev.atelier.models.ErrorModel;
import dev.atelier.models.Member;
import dev.atelier.models.OperationModel;
import dev.atelier.models.ServiceMetadata;
import dev.atelier.models.ServiceModel;
import dev.atelier.models.Shape;
import dev.atelier.models.StringShape;
import dev.atelier.models.StructureShape;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** REST-JSON and REST-XML: members in path, query, headers and body. */
public final class RestProtocol implements Protocol {
  /** The body's language. */
  public enum Format { JSON, XML }

  /** Root elements of S3's answers, which no model states; all others are the operation's name with Result. */
  private static final Map<String, String> ROOTS = Map.ofEntries(Map.entry("ListBuckets", "ListAllMyBucketsResult"),
      Map.entry("ListObjects", "ListBucketResult"), Map.entry("ListObjectsV2", "ListBucketResult"),
      Map.entry("ListObjectVersions", "ListVersionsResult"),
      Map.entry("CreateMultipartUpload", "InitiateMultipartUploadResult"), Map.entry("DeleteObjects", "DeleteResult"),
      Map.entry("GetBucketVersioning", "VersioningConfiguration"), Map.entry("GetBucketTagging", "Tagging"),
      Map.entry("GetObjectTagging", "Tagging"), Map.entry("GetBucketAcl", "AccessControlPolicy"),
      Map.entry("GetObjectAcl", "AccessControlPolicy"), Map.entry("GetBucketCors", "CORSConfiguration"),
      Map.entry("GetBucketLifecycleConfiguration", "LifecycleConfiguration"),
      Map.entry("GetBucketNotificationConfiguration", "NotificationConfiguration"),
      Map.entry("GetBucketWebsite", "WebsiteConfiguration"), Map.entry("GetBucketLogging", "BucketLoggingStatus"),
      Map.entry("GetBucketRequestPayment", "RequestPaymentConfiguration"),
      Map.entry("GetBucketAccelerateConfiguration", "AccelerateConfiguration"),
      Map.entry("GetObjectAttributes", "GetObjectAttributesResponse"));
  private static final String S3_NAMESPACE = "http://s3.amazonaws.com/doc/2006-03-01/";

  private final ServiceMetadata metadata;
  private final Format format;

  public RestProtocol(ServiceModel model, Format format) {
    this.metadata = model.metadata();
    this.format = format;
  }

  private boolean s3() {
    return metadata.service().equals("s3");
  }

  @Override
  public Map<String, Object> decode(OperationModel operation, WireRequest request, Map<String, String> labels) {
    if (operation.input().isEmpty()) {
      return new LinkedHashMap<>();
    }
    StructureShape shape = operation.input().get();
    Map<String, Object> document = new HttpBinding(format).decode(shape, request, labels);
    if (shape.payload().isPresent()) {
      Member member = shape.members().get(shape.payload().get());
      payload(member, operation, request).ifPresent(value -> document.put(member.name(), value));
    } else if (shape.members().values().stream().anyMatch(member -> member.location() == Member.Location.BODY)) {
      document.putAll(body(shape, RequestBody.bytes(operation, request)));
    }
    return document;
  }

  private Optional<Object> payload(Member member, OperationModel operation, WireRequest request) {
    if (member.streaming()) {
      return Optional.of(request.body());
    }
    byte[] bytes = RequestBody.bytes(operation, request);
    if (bytes.length == 0) {
      return Optional.empty();
    }
    return Optional.of(switch (member.shape()) {
      case BlobShape blob -> bytes;
      case StringShape string -> new String(bytes, StandardCharsets.UTF_8);
      case StructureShape structure -> body(structure, bytes);
      case Shape other -> throw new IllegalStateException(other.name() + " cannot be a payload");
    });
  }

  private Map<String, Object> body(StructureShape shape, byte[] bytes) {
    if (format == Format.JSON) {
      return JsonReader.read(shape, bytes);
    }
    return bytes.length == 0 ? Map.of() : XmlReader.structure(shape, XmlElement.parse(bytes));
  }

  @Override
  public WireResponse encode(OperationModel operation, Map<String, Object> output, String requestId) {
    Headers headers = identified(requestId);
    if (operation.output().isEmpty()) {
      return new WireResponse(operation.responseCode(), headers, WireResponse.EMPTY);
    }
    StructureShape shape = operation.output().get();
    HttpBinding binding = new HttpBinding(format);
    binding.encode(shape, output, headers);
    int status = binding.status(shape, output).orElse(partial(output) ? 206 : operation.responseCode());
    if (shape.payload().isPresent()) {
      Member member = shape.members().get(shape.payload().get());
      Optional<Object> value = Optional.ofNullable(output.get(member.name()));
      return new WireResponse(status, headers,
          value.map(v -> payload(member, v, headers)).orElse(WireResponse.EMPTY));
    }
    boolean inBody = shape.members().values().stream().anyMatch(m -> m.location() == Member.Location.BODY);
    byte[] body = inBody ? wholeBody(operation, shape, output) : new byte[0];
    if (inBody) {
      contentType(headers);
    }
    return new WireResponse(status, headers, new WireResponse.Bytes(body));
  }

  /** S3's model does not say that an answer with a Content-Range is 206. */
  private boolean partial(Map<String, Object> output) {
    return s3() && output.containsKey("ContentRange");
  }

  private byte[] wholeBody(OperationModel operation, StructureShape shape, Map<String, Object> output) {
    if (format == Format.JSON) {
      return JsonWriter.write(shape, output);
    }
    if (s3() && operation.name().equals("GetBucketLocation")) {
      return new XmlWriter().open("LocationConstraint", Optional.of(S3_NAMESPACE))
          .content(output.getOrDefault("LocationConstraint", "").toString()).close("LocationConstraint").bytes();
    }
    String root = ROOTS.getOrDefault(operation.name(), operation.name() + "Result");
    return new XmlWriter().open(root, namespace()).members(shape, output).close(root).bytes();
  }

  private Optional<String> namespace() {
    return metadata.xmlNamespace().or(() -> s3() ? Optional.of(S3_NAMESPACE) : Optional.empty());
  }

  private WireResponse.Body payload(Member member, Object value, Headers headers) {
    return switch (value) {
      case InputStream stream -> new WireResponse.Stream(stream, headers.first("Content-Length")
          .map(text -> OptionalLong.of(Long.parseLong(text))).orElse(OptionalLong.empty()));
      case byte[] bytes -> new WireResponse.Bytes(bytes);
      case String text -> new WireResponse.Bytes(text.getBytes(StandardCharsets.UTF_8));
      case Iterable<?> events -> {
        headers.set("Content-Type", "application/vnd.amazon.eventstream");
        StructureShape union = (StructureShape) member.shape();
        yield new WireResponse.Events(out -> new EventStream(format).write(union, events, out));
      }
      case Map<?, ?> document -> {
        contentType(headers);
        yield new WireResponse.Bytes(payloadDocument(member, document));
      }
      default -> throw new IllegalArgumentException(member.name() + " cannot be sent as a body");
    };
  }

  @SuppressWarnings("unchecked")
  private byte[] payloadDocument(Member member, Map<?, ?> document) {
    StructureShape shape = (StructureShape) member.shape();
    if (format == Format.JSON) {
      return JsonWriter.write(shape, (Map<String, Object>) document);
    }
    String root = member.renamed() ? member.locationName() : shape.locationName().orElse(member.name());
    return new XmlWriter().open(root, namespace()).members(shape, document).close(root).bytes();
  }

  private void contentType(Headers headers) {
    if (!headers.has("Content-Type")) {
      headers.add("Content-Type", format == Format.JSON ? "application/json" : "application/xml");
    }
  }

  private Headers identified(String requestId) {
    return s3() ? Headers.of("x-amz-request-id", requestId, "x-amz-id-2", requestId)
        : Headers.of("x-amzn-RequestId", requestId);
  }

  @Override
  public WireResponse error(Fault fault, String requestId, Optional<OperationModel> operation) {
    Headers headers = identified(requestId);
    fault.headers().forEach(headers::set);
    boolean bare = fault.status() == 304 || operation.filter(known -> known.method().equals("HEAD")).isPresent();
    if (bare) {
      return new WireResponse(fault.status(), headers, WireResponse.EMPTY);
    }
    contentType(headers);
    return new WireResponse(fault.status(), headers, new WireResponse.Bytes(
        format == Format.JSON ? jsonError(fault, operation, headers) : xmlError(fault, requestId)));
  }

  private static byte[] jsonError(Fault fault, Optional<OperationModel> operation, Headers headers) {
    Optional<StructureShape> shape = ErrorShape.of(fault, operation).map(ErrorModel::shape);
    headers.set("x-amzn-ErrorType", shape.map(StructureShape::name).orElse(fault.code()));
    return JsonWriter.writeError(Map.of(ErrorShape.messageMember(shape), ErrorShape.message(fault)), shape,
        fault.members());
  }

  /** S3's form: no element around Error; members such as Key and BucketName follow the message. */
  private static byte[] xmlError(Fault fault, String requestId) {
    XmlWriter xml = new XmlWriter().open("Error", Optional.empty()).text("Code", fault.code())
        .text("Message", ErrorShape.message(fault));
    fault.members().forEach((name, value) -> xml.text(name, value.toString()));
    return xml.text("RequestId", requestId).text("HostId", requestId).close("Error").bytes();
  }
}
