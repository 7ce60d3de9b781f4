package dev.atelier.wire;

import dev.atelier.models.BlobShape;
import dev.atelier.models.BooleanShape;
import dev.atelier.models.Length;
import dev.atelier.models.ListShape;
import dev.atelier.models.MapShape;
import dev.atelier.models.Member;
import dev.atelier.models.NumberShape;
import dev.atelier.models.Shape;
import dev.atelier.models.StringShape;
import dev.atelier.models.StructureShape;
import dev.atelier.models.TimestampShape;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/** Documents of a shape: enums, lengths and ranges kept, patterns not; text holds everything Unicode offers. */
final class RandomDocuments {
  private static final String[] PIECES =
      {"a", "Z", "0", "-", "_", "/", " ", "\"", "\\", "<", "&", "é", "日", "😀", "=", "%", "+", "\t"};
  private final RandomGenerator random;
  private final boolean trimmed;

  /** {@code trimmed}: no value is empty or begins or ends with white space, as XML and Query need it. */
  RandomDocuments(RandomGenerator random, boolean trimmed) {
    this.random = random;
    this.trimmed = trimmed;
  }

  @SuppressWarnings("unchecked")
  Map<String, Object> of(StructureShape shape) {
    return (Map<String, Object>) value(shape, 0);
  }

  private Object value(Shape shape, int depth) {
    return switch (shape) {
      case StructureShape structure -> structure(structure, depth);
      case ListShape list -> {
        List<Object> items = new ArrayList<>();
        int size = size(list.length(), depth);
        for (int i = 0; i < size; i++) {
          items.add(value(list.element().shape(), depth + 1));
        }
        yield items;
      }
      case MapShape map -> {
        Map<String, Object> entries = new LinkedHashMap<>();
        int size = size(map.length(), depth);
        for (int i = 0; i < size; i++) {
          entries.put((String) value(map.key().shape(), depth + 1), value(map.value().shape(), depth + 1));
        }
        yield entries;
      }
      case StringShape string -> text(string);
      case NumberShape number -> number(number);
      case BooleanShape flag -> random.nextBoolean();
      case BlobShape blob -> {
        byte[] bytes = new byte[trimmed ? 1 + random.nextInt(20) : random.nextInt(20)];
        random.nextBytes(bytes);
        yield bytes;
      }
      case TimestampShape time -> Instant.ofEpochMilli(random.nextLong(0, 4_000_000_000_000L));
    };
  }

  private Map<String, Object> structure(StructureShape shape, int depth) {
    Map<String, Object> document = new LinkedHashMap<>();
    List<Member> members = List.copyOf(shape.members().values());
    int only = shape.union() && !members.isEmpty() ? random.nextInt(members.size()) : -1;
    for (int i = 0; i < members.size(); i++) {
      Member member = members.get(i);
      boolean wanted = only >= 0 ? i == only : member.required() || random.nextInt(4) > depth;
      if (wanted && depth < 12) {
        document.put(member.name(), value(member.shape(), depth + 1));
      }
    }
    return document;
  }

  private int size(Length length, int depth) {
    int most = depth > 4 ? 1 : 3;
    return (int) Math.min(length.max(), Math.max(trimmed ? 1 : length.min(), random.nextInt(most + 1)));
  }

  private String text(StringShape shape) {
    if (!shape.values().isEmpty()) {
      return shape.values().get(random.nextInt(shape.values().size()));
    }
    long most = Math.min(shape.length().max(), 12);
    int pieces = (int) random.nextLong(Math.min(most, shape.length().min()), most + 1);
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < pieces; i++) {
      text.append(PIECES[random.nextInt(PIECES.length)]);
    }
    return trimmed ? "x" + text.toString().replace('\t', 'y') + "x" : text.toString();
  }

  private Object number(NumberShape shape) {
    double low = shape.min().map(BigDecimal::doubleValue).orElse(-1e6);
    double high = Math.max(low, shape.max().map(BigDecimal::doubleValue).orElse(low + 1e6));
    double value = low + random.nextDouble() * (high - low);
    return switch (shape.kind()) {
      case INTEGER -> (int) Math.floor(value);
      case LONG -> (long) Math.floor(value);
      case FLOAT -> (float) value;
      case DOUBLE -> value;
    };
  }
}
