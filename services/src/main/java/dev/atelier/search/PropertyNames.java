package dev.atelier.search;

import dev.atelier.kernel.Fault;
import dev.atelier.models.BooleanShape;
import dev.atelier.models.ListShape;
import dev.atelier.models.MapShape;
import dev.atelier.models.Member;
import dev.atelier.models.NumberShape;
import dev.atelier.models.ServiceModel;
import dev.atelier.models.Shape;
import dev.atelier.models.StringShape;
import dev.atelier.models.StructureShape;
import dev.atelier.models.TimestampShape;
import dev.atelier.search.Property.Kind;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** What properties resources of a type have, by the model's SearchRecord. */
final class PropertyNames {
  private final String type;
  private final Map<String, Member> members;

  private PropertyNames(String type, Map<String, Member> members) {
    this.type = type;
    this.members = members;
  }

  /** Where a record wraps the resource itself beside others, as that of a model does, both name properties. */
  static PropertyNames of(String type) {
    StructureShape records = (StructureShape) ServiceModel.load("sagemaker").shape("SearchRecord");
    StructureShape shape = (StructureShape) records.members().get(type).shape();
    Map<String, Member> members = new LinkedHashMap<>();
    if (shape.members().containsKey(type) && shape.members().get(type).shape() instanceof StructureShape inner) {
      members.putAll(inner.members());
    }
    members.putAll(shape.members());
    return new PropertyNames(type, members);
  }

  /** The resource with what its record wraps beside the rest, as properties are named. */
  @SuppressWarnings("unchecked")
  Map<String, Object> view(Map<String, Object> resource) {
    if (!(resource.get(type) instanceof Map<?, ?> inner)) {
      return resource;
    }
    Map<String, Object> view = new LinkedHashMap<>((Map<String, Object>) inner);
    view.putAll(resource);
    return view;
  }

  boolean has(String member) {
    return members.containsKey(member);
  }

  /** @throws Fault ValidationException where resources of the type have no such property */
  Property require(String name) {
    Optional<Kind> kind = members.containsKey("Tags") && name.startsWith("Tags.") ? Optional.of(Kind.ANY)
        : members.containsKey("FinalMetricDataList") && name.startsWith("Metrics.") ? Optional.of(Kind.NUMBER)
        : find(members, name).map(PropertyNames::kind);
    return new Property(name, kind.orElseThrow(() -> unknown(name)));
  }

  /** A property of the entries of a list, by its name within them. */
  Property requireNested(String list, String name) {
    String within = name.startsWith(list + ".") ? name.substring(list.length() + 1) : name;
    return find(members, list).filter(ListShape.class::isInstance).flatMap(shape -> find(shape, within))
        .map(shape -> new Property(within, kind(shape))).orElseThrow(() -> unknown(list + "." + within));
  }

  private Fault unknown(String name) {
    return Fault.validation("Unknown property name: " + name + " is not a property of the resource " + type + ".");
  }

  private static Optional<Shape> find(Map<String, Member> members, String path) {
    int dot = path.indexOf('.');
    return Optional.ofNullable(members.get(dot < 0 ? path : path.substring(0, dot))).map(Member::shape)
        .flatMap(shape -> dot < 0 ? Optional.of(shape) : find(shape, path.substring(dot + 1)));
  }

  private static Optional<Shape> find(Shape shape, String path) {
    return switch (shape) {
      case StructureShape structure -> find(structure.members(), path);
      case ListShape list -> find(list.element().shape(), path);
      case MapShape map -> path.isEmpty() ? Optional.empty() : Optional.of(map);
      default -> Optional.empty();
    };
  }

  private static Kind kind(Shape shape) {
    return switch (shape) {
      case StringShape text -> Kind.TEXT;
      case NumberShape number -> Kind.NUMBER;
      case TimestampShape time -> Kind.TIME;
      case BooleanShape truth -> Kind.TRUTH;
      case ListShape list -> kind(list.element().shape());
      default -> Kind.ANY;
    };
  }
}
