package dev.atelier.models;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * One pinned service model. Loading reads the resource and notes where each operation and shape begins; each is parsed
 * when it is first asked for. Safe for use by many threads.
 */
public final class ServiceModel {
  /** The pinned services, by botocore's names. */
  public static final List<String> SERVICES = List.of("sagemaker", "sagemaker-runtime",
      "sagemaker-featurestore-runtime", "sagemaker-metrics", "s3", "sts", "iam", "logs", "cloudwatch", "kms", "ecr");

  private static final Map<String, ServiceModel> LOADED = new ConcurrentHashMap<>();

  private final String service;
  private final byte[] text;
  private final Map<String, Span> operationLines = new LinkedHashMap<>();
  private final Map<String, Span> shapeLines = new LinkedHashMap<>();
  private final Map<String, Span> rightsLines = new LinkedHashMap<>();
  private final ServiceMetadata metadata;
  private final Map<String, OperationModel> operations = new ConcurrentHashMap<>();
  private final Map<String, Shape> shapes = new ConcurrentHashMap<>();

  private record Span(int offset, int length) {}

  private ServiceModel(String service, byte[] text) {
    this.service = service;
    this.text = text;
    this.metadata = index();
  }

  /** The model of a pinned service. Throws IllegalArgumentException for any other name. */
  public static ServiceModel load(String service) {
    return LOADED.computeIfAbsent(service, ServiceModel::read);
  }

  private static ServiceModel read(String service) {
    if (!SERVICES.contains(service)) {
      throw new IllegalArgumentException("no service model is called " + service);
    }
    try (InputStream in = ServiceModel.class.getResourceAsStream(service + ".model")) {
      return new ServiceModel(service, in.readAllBytes());
    } catch (IOException unreadable) {
      throw new UncheckedIOException("the service model of " + service + " cannot be read", unreadable);
    }
  }

  private ServiceMetadata index() {
    ServiceMetadata found = null;
    int start = 0;
    while (start < text.length) {
      int name = start + 2;
      int body = after('\t', name);
      int end = after('\n', body) - 1;
      String key = new String(text, name, body - 1 - name, StandardCharsets.UTF_8);
      Span span = new Span(body, end - body);
      switch (text[start]) {
        case 'O' -> operationLines.put(key, span);
        case 'S' -> shapeLines.put(key, span);
        case 'A' -> rightsLines.put(key, span);
        default -> found = ServiceMetadata.of(service, parse(span));
      }
      start = end + 1;
    }
    return found;
  }

  private int after(char mark, int from) {
    int at = from;
    while (text[at] != mark) {
      at++;
    }
    return at + 1;
  }

  private ModelLine parse(Span span) {
    return ModelLine.parse(text, span.offset(), span.length());
  }

  public String service() {
    return service;
  }

  public ServiceMetadata metadata() {
    return metadata;
  }

  /** Every operation's name, in the model's order. */
  public Set<String> operationNames() {
    return Collections.unmodifiableSet(operationLines.keySet());
  }

  /** Names of all shapes, in the model's order. */
  public Set<String> shapeNames() {
    return Collections.unmodifiableSet(shapeLines.keySet());
  }

  /** The operation, or empty when the service has none of that name. */
  public Optional<OperationModel> operation(String name) {
    Span span = operationLines.get(name);
    return span == null ? Optional.empty()
        : Optional.of(operations.computeIfAbsent(name, n -> OperationModel.of(this, n, parse(span))));
  }

  /** The shape. Throws IllegalArgumentException for a name the model does not hold. */
  public Shape shape(String name) {
    Shape known = shapes.get(name);
    if (known != null) {
      return known;
    }
    Span span = shapeLines.get(name);
    if (span == null) {
      throw new IllegalArgumentException(service + " has no shape " + name);
    }
    Shape parsed = ShapeReader.read(this, name, parse(span));
    Shape raced = shapes.putIfAbsent(name, parsed);
    return raced == null ? parsed : raced;
  }

  Optional<ModelLine> rights(String operation) {
    return Optional.ofNullable(rightsLines.get(operation)).map(this::parse);
  }
}
