package dev.atelier.s3;

import dev.atelier.kernel.Fault;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** What browsers are told about requests from pages of other origins. */
public final class CrossOrigin {
  private final Function<String, List<CrossOriginRule>> rules;

  CrossOrigin(Function<String, List<CrossOriginRule>> rules) {
    this.rules = rules;
  }

  /** The headers that an answer to a request of such a page carries; none when no rule lets it read the answer. */
  public Map<String, String> headers(String bucket, String origin, String method) {
    return first(rules.apply(bucket), origin, method, List.of()).orElse(Map.of());
  }

  /**
   * The headers of the answer to a preflight request, which nobody signs.
   *
   * @param wanted Access-Control-Request-Headers
   * @throws Fault BadRequest, or AccessForbidden where no rule matches
   */
  public Map<String, String> preflight(String bucket, Optional<String> origin, Optional<String> method,
      Optional<String> wanted) {
    if (origin.isEmpty()) {
      throw new Fault("BadRequest", 400, "Insufficient information. Origin request header needed.");
    }
    if (method.isEmpty()) {
      throw new Fault("BadRequest", 400, "Invalid Access-Control-Request-Method: null");
    }
    List<CrossOriginRule> known = rules.apply(bucket);
    if (known.isEmpty()) {
      throw forbidden("CORSResponse: CORS is not enabled for this bucket.", method.get());
    }
    List<String> asked = Arrays.stream(wanted.orElse("").split(",")).map(String::strip)
        .filter(name -> !name.isEmpty()).toList();
    return first(known, origin.get(), method.get(), asked).orElseThrow(() -> forbidden("CORSResponse: This CORS request "
        + "is not allowed. This is usually because the evalution of Origin, request method / "
        + "Access-Control-Request-Method or Access-Control-Request-Headers are not whitelisted by the resource's "
        + "CORS spec.", method.get()));
  }

  private static Optional<Map<String, String>> first(List<CrossOriginRule> rules, String origin, String method,
      List<String> asked) {
    return rules.stream().map(rule -> rule.answer(origin, method, asked)).flatMap(Optional::stream).findFirst();
  }

  private static Fault forbidden(String message, String method) {
    return new Fault("AccessForbidden", 403, message, Map.of("Method", method, "ResourceType", "OBJECT"));
  }
}
