package dev.atelier.wire;

import dev.atelier.kernel.Fault;
import dev.atelier.models.ListShape;
import dev.atelier.models.MapShape;
import dev.atelier.models.Member;
import dev.atelier.models.Shape;
import dev.atelier.models.StringShape;
import dev.atelier.models.StructureShape;
import dev.atelier.models.TimestampShape;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Members in path, query, headers and status. */
final class HttpBinding {
  /** HTTP has recipients pass over a condition whose date they cannot read. */
  private static final Set<String> CONDITION_TIMES = Set.of("if-modified-since", "if-unmodified-since",
      "x-amz-copy-source-if-modified-since", "x-amz-copy-source-if-unmodified-since");

  private final String code;
  private final boolean xml;

  HttpBinding(RestProtocol.Format format) {
    this.xml = format == RestProtocol.Format.XML;
    this.code = format == RestProtocol.Format.JSON ? "SerializationException" : "InvalidArgument";
  }

  Map<String, Object> decode(StructureShape shape, WireRequest request, Map<String, String> labels) {
    Query query = Query.parse(request.rawQuery());
    Map<String, Object> document = new LinkedHashMap<>();
    for (Member member : shape.members().values()) {
      Optional<Object> value = switch (member.location()) {
        case URI -> Optional.ofNullable(labels.get(member.locationName()))
            .map(text -> ScalarText.read(member.shape(), text, code));
        case QUERY_STRING -> query(member, query);
        case HEADER -> header(member, request, query);
        case HEADERS -> Optional.of(prefixed(member, request.headers(), query)).filter(map -> !map.isEmpty())
            .map(map -> map);
        case BODY, STATUS_CODE -> Optional.empty();
      };
      value.ifPresent(present -> document.put(member.name(), present));
    }
    return document;
  }

  private Optional<Object> query(Member member, Query query) {
    List<String> values = query.all(member.locationName());
    return switch (member.shape()) {
      case MapShape map -> {
        Map<String, Object> rest = new LinkedHashMap<>();
        query.pairs().forEach(pair -> rest.putIfAbsent(pair.name(), pair.value()));
        yield Optional.of(rest);
      }
      case ListShape list -> values.isEmpty() ? Optional.empty()
          : Optional.of(values.stream().map(text -> ScalarText.read(list.element().shape(), text, code)).toList());
      case Shape scalar -> values.isEmpty() ? Optional.empty()
          : Optional.of(ScalarText.read(scalar, values.getFirst(), code));
    };
  }

  /** Presigned URLs carry {@code x-amz-} headers in the query. */
  private Optional<Object> header(Member member, WireRequest request, Query query) {
    String name = member.locationName();
    List<String> values = request.headers().all(name);
    if (values.isEmpty() && name.toLowerCase(Locale.ROOT).startsWith("x-amz-")) {
      values = query.pairs().stream().filter(pair -> pair.name().equalsIgnoreCase(name)).map(Query.Pair::value)
          .toList();
    }
    if (values.isEmpty()) {
      return Optional.empty();
    }
    if (member.shape() instanceof ListShape list) {
      return Optional.of(items(list, values));
    }
    String text = values.getFirst();
    if (CONDITION_TIMES.contains(name.toLowerCase(Locale.ROOT)) && !Timestamps.isDate(text.strip())) {
      return Optional.empty();
    }
    return Optional.of(ScalarText.read(member.shape(), member.jsonValue() ? unpacked(text) : spelled(member, text), code));
  }

  /** S3 takes the words of its headers in any case; the model knows how they are spelled. */
  private String spelled(Member member, String text) {
    return xml && member.shape() instanceof StringShape words
        ? words.values().stream().filter(text.strip()::equalsIgnoreCase).findFirst().orElse(text) : text;
  }

  private String unpacked(String text) {
    try {
      return new String(Base64.getDecoder().decode(text), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException notBase64) {
      throw new Fault(code, 400, "A header's value is not valid Base64.");
    }
  }

  /** Comma-separated, except that HTTP dates hold a comma of their own. */
  private List<Object> items(ListShape list, List<String> values) {
    List<Object> items = new ArrayList<>();
    Shape element = list.element().shape();
    String separator = element instanceof TimestampShape ? "(?<=GMT)," : ",";
    for (String value : values) {
      for (String item : value.split(separator)) {
        items.add(ScalarText.read(element, item.strip(), code));
      }
    }
    return items;
  }

  private static Map<String, Object> prefixed(Member member, Headers headers, Query query) {
    String prefix = member.renamed() ? member.locationName().toLowerCase(Locale.ROOT) : "";
    Map<String, Object> found = new LinkedHashMap<>();
    for (String name : new TreeSet<>(headers.names())) {
      if (name.startsWith(prefix) && name.length() > prefix.length()) {
        found.put(name.substring(prefix.length()), String.join(",", headers.all(name)));
      }
    }
    for (Query.Pair pair : query.pairs()) {
      String name = pair.name().toLowerCase(Locale.ROOT);
      if (!prefix.isEmpty() && name.startsWith(prefix) && name.length() > prefix.length()) {
        found.putIfAbsent(name.substring(prefix.length()), pair.value());
      }
    }
    return found;
  }

  void encode(StructureShape shape, Map<String, Object> document, Headers headers) {
    for (Member member : shape.members().values()) {
      Object value = document.get(member.name());
      if (value != null && member.location() == Member.Location.HEADER) {
        headers.set(member.locationName(), text(member, value));
      } else if (value instanceof Map<?, ?> map && member.location() == Member.Location.HEADERS) {
        map.forEach((name, item) -> headers.add(member.locationName() + name, item.toString()));
      }
    }
  }

  private static String text(Member member, Object value) {
    if (member.shape() instanceof ListShape list) {
      return String.join(",", ((List<?>) value).stream().map(item ->
          ScalarText.write(list.element().shape(), item, Optional.empty(), Timestamps.RFC822)).toList());
    }
    String text = ScalarText.write(member.shape(), value, member.timestampFormat(), Timestamps.RFC822);
    boolean packed = member.jsonValue() && member.shape() instanceof StringShape;
    return packed ? Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8)) : text;
  }

  Optional<Integer> status(StructureShape shape, Map<String, Object> document) {
    return shape.members().values().stream().filter(member -> member.location() == Member.Location.STATUS_CODE)
        .map(member -> document.get(member.name())).filter(Integer.class::isInstance).map(Integer.class::cast)
        .findFirst();
  }
}
