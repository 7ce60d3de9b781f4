package dev.atelier.models;

import java.util.List;
import java.util.Optional;

/** One operation of a service model. */
public final class OperationModel {
  private final ServiceModel model;
  private final String name;
  private final ModelLine line;
  private final String method;
  private final String requestUri;

  private OperationModel(ServiceModel model, String name, ModelLine line) {
    this.model = model;
    this.name = name;
    this.line = line;
    this.method = line.object("http").text("method", "POST");
    this.requestUri = line.object("http").text("requestUri", "/");
  }

  static OperationModel of(ServiceModel model, String name, ModelLine line) {
    return new OperationModel(model, name, line);
  }

  public ServiceModel model() {
    return model;
  }

  public String service() {
    return model.service();
  }

  public String name() {
    return name;
  }

  public String method() {
    return method;
  }

  /** The template of path and literal query, such as {@code /{Bucket}/{Key+}?uploads}. */
  public String requestUri() {
    return requestUri;
  }

  /** The status of a successful answer. */
  public int responseCode() {
    return line.object("http").number("responseCode").map(Number::intValue).orElse(200);
  }

  public Optional<StructureShape> input() {
    return structure("input");
  }

  public Optional<StructureShape> output() {
    return structure("output");
  }

  /** The root element of an XML request body, where the operation names one itself. */
  public Optional<String> inputElement() {
    return line.object("input").text("locationName");
  }

  /** The element that wraps a Query answer. */
  public Optional<String> resultWrapper() {
    return line.object("output").text("resultWrapper");
  }

  /** The errors the model declares; parsed at each call. */
  public List<ErrorModel> errors() {
    return line.objects("errors").stream().map(reference -> error(reference.text("shape", ""))).toList();
  }

  private ErrorModel error(String shape) {
    StructureShape structure = (StructureShape) model.shape(shape);
    return new ErrorModel(structure, structure.errorCode().orElse(shape), structure.errorStatus().orElse(400));
  }

  public Optional<Pagination> pagination() {
    if (!line.has("pagination")) {
      return Optional.empty();
    }
    ModelLine pages = line.object("pagination");
    return Optional.of(new Pagination(pages.texts("input_token"), pages.texts("output_token"),
        pages.text("limit_key"), pages.text("more_results"), pages.texts("result_key")));
  }

  /** Whether another operation has taken its place. */
  public boolean deprecated() {
    return line.flag("deprecated");
  }

  /** Whether anyone may call it without a signature, as STS's AssumeRoleWithWebIdentity. */
  public boolean unsigned() {
    return line.text("authtype", "").equals("none");
  }

  /** Whether the signature leaves the body out. */
  public boolean unsignedPayload() {
    return line.flag("unsignedPayload");
  }

  /** A part put in front of the service's host, such as {@code stream-}; it may hold labels in braces. */
  public Optional<String> hostPrefix() {
    return line.object("endpoint").text("hostPrefix");
  }

  /** Content encodings that clients may use for the request's body. */
  public List<String> requestCompression() {
    return line.object("requestcompression").texts("encodings");
  }

  private Optional<StructureShape> structure(String side) {
    return line.object(side).text("shape").map(shape -> (StructureShape) model.shape(shape));
  }

  @Override
  public String toString() {
    return model.service() + ":" + name;
  }
}
