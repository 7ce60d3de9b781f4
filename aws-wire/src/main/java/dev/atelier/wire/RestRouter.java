package dev.atelier.wire;

import dev.atelier.models.Member;
import dev.atelier.models.OperationModel;
import dev.atelier.models.ServiceModel;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Finds the operation of a REST request: by method and path, then by the literal query of the model's templates, then
 * by required members in query and headers, which is what tells UploadPart from PutObject and CopyObject from both.
 */
public final class RestRouter {
  private final List<Route> routes = new ArrayList<>();

  private record Route(OperationModel operation, List<String> segments, List<Query.Pair> literals) {}

  /** The operation and the values of its path's labels, percent-decoded once. */
  public record Match(OperationModel operation, Map<String, String> labels) {}

  private record Candidate(Route route, Map<String, String> labels, int required) {}

  public RestRouter(ServiceModel model) {
    for (String name : model.operationNames()) {
      OperationModel operation = model.operation(name).orElseThrow();
      String uri = operation.requestUri();
      int question = uri.indexOf('?');
      String path = question < 0 ? uri : uri.substring(0, question);
      List<Query.Pair> literals = question < 0 ? List.of() : Query.parse(uri.substring(question + 1)).pairs();
      routes.add(new Route(operation, List.of(path.substring(1).split("/", -1)), literals));
    }
  }

  /**
   * The operation of a request, or empty when the service has none for it.
   *
   * @param virtualBucket the bucket in the host name, which takes the place of the path's first segment
   */
  public Optional<Match> match(WireRequest request, Optional<String> virtualBucket) {
    String path = virtualBucket.map(bucket -> "/" + bucket).orElse("") + request.rawPath();
    Query query = Query.parse(request.rawQuery());
    List<Candidate> candidates = new ArrayList<>();
    for (Route route : routes) {
      if (route.operation().method().equals(request.method()) && literalsMatch(route, query)) {
        labels(route.segments(), path)
            .ifPresent(labels -> candidates.add(new Candidate(route, labels, required(route, request, query))));
      }
    }
    String named = query.first("x-id").orElse("");
    return candidates.stream().max(Comparator
        .comparingInt((Candidate c) -> fixedSegments(c.route()))
        .thenComparingInt(c -> c.route().literals().size())
        .thenComparingInt(c -> c.required() < 0 ? 0 : 1)
        .thenComparingInt(Candidate::required)
        .thenComparing(c -> c.route().operation().name().equals(named))
        .thenComparing(c -> !c.route().operation().deprecated())
        .thenComparing(c -> -routes.indexOf(c.route())))
        .map(best -> new Match(best.route().operation(), best.labels()));
  }

  private static int fixedSegments(Route route) {
    return (int) route.segments().stream().filter(segment -> !segment.startsWith("{")).count();
  }

  private static boolean literalsMatch(Route route, Query query) {
    for (Query.Pair literal : route.literals()) {
      Optional<String> sent = query.first(literal.name());
      if (sent.isEmpty() || !literal.rawValue().isEmpty() && !sent.get().equals(literal.value())) {
        return false;
      }
    }
    return true;
  }

  /** How many required members of query and headers the request has; -1 when one is missing. */
  private static int required(Route route, WireRequest request, Query query) {
    int present = 0;
    for (Member member : route.operation().input().map(shape -> shape.members().values()).orElse(List.of())) {
      boolean inQuery = member.location() == Member.Location.QUERY_STRING;
      boolean inHeader = member.location() == Member.Location.HEADER;
      if (member.required() && (inQuery || inHeader)) {
        String name = member.locationName();
        boolean hoisted = name.toLowerCase(Locale.ROOT).startsWith("x-amz-")
            && query.pairs().stream().anyMatch(pair -> pair.name().equalsIgnoreCase(name));
        if (!(inQuery ? query.has(name) : request.headers().has(name) || hoisted)) {
          return -1;
        }
        present++;
      }
    }
    return present;
  }

  /** A greedy label takes the rest of the path as it is, empty segments and dots included. */
  private static Optional<Map<String, String>> labels(List<String> template, String path) {
    Map<String, String> labels = new LinkedHashMap<>();
    String rest = path.startsWith("/") ? path.substring(1) : path;
    for (int i = 0; i < template.size(); i++) {
      String segment = template.get(i);
      boolean last = i == template.size() - 1;
      if (segment.endsWith("+}")) {
        labels.put(segment.substring(1, segment.length() - 2), Percent.decode(rest, false));
        return rest.isEmpty() ? Optional.empty() : Optional.of(labels);
      }
      int slash = rest.indexOf('/');
      String part = slash < 0 ? rest : rest.substring(0, slash);
      boolean more = slash >= 0 && slash + 1 < rest.length();
      if (last && more || !last && slash < 0) {
        return Optional.empty();
      }
      if (segment.startsWith("{")) {
        if (part.isEmpty()) {
          return Optional.empty();
        }
        labels.put(segment.substring(1, segment.length() - 1), Percent.decode(part, false));
      } else if (!segment.equals(part)) {
        return Optional.empty();
      }
      rest = slash < 0 ? "" : rest.substring(slash + 1);
    }
    return Optional.of(labels);
  }
}
