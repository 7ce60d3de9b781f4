package dev.atelier.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.atelier.models.ListShape;
import dev.atelier.models.Member;
import dev.atelier.models.NumberShape;
import dev.atelier.models.OperationModel;
import dev.atelier.models.ServiceModel;
import dev.atelier.models.Shape;
import dev.atelier.models.StringShape;
import dev.atelier.models.StructureShape;
import dev.atelier.wire.WireResponse;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Every SageMaker operation, asked with nothing and with a violated constraint: an answer in AWS's words, never a 5xx. */
class ValidationSweepTest extends PlatformTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @Test
  void emptyBodiesAreAnsweredInAwsWords() throws IOException {
    Map<String, Integer> counts = new TreeMap<>();
    ServiceModel model = ServiceModel.load("sagemaker");
    for (String name : model.operationNames()) {
      OperationModel operation = model.operation(name).orElseThrow();
      Answer answer = ask(name, JsonNodeFactory.instance.objectNode());
      counts.merge(answer.code(), 1, Integer::sum);
      assertThat(answer.status()).as(name).isLessThan(500);
      boolean needs = operation.input().map(shape -> shape.members().values().stream().anyMatch(Member::required))
          .orElse(false);
      if (needs) {
        assertThat(answer.code()).as(name).isEqualTo("ValidationException");
        assertThat(answer.message()).as(name).matches("(?s)[1-9][0-9]* validation errors? detected: "
            + "Value null at '[a-zA-Z0-9.]+' failed to satisfy constraint: Member must not be null.*");
      } else {
        assertThat(answer.code()).as(name + ": " + answer.message())
            .isIn("", "UnsupportedOperation", "ValidationException");
      }
    }
    System.out.println("empty bodies, answers by code: " + counts);
    assertThat(counts.values().stream().mapToInt(Integer::intValue).sum()).isEqualTo(403);
  }

  @Test
  void firstConstrainedMemberIsNamed() throws IOException {
    Map<String, Integer> counts = new TreeMap<>();
    ServiceModel model = ServiceModel.load("sagemaker");
    for (String name : model.operationNames()) {
      OperationModel operation = model.operation(name).orElseThrow();
      Optional<Violation> violation = operation.input().flatMap(ValidationSweepTest::violation);
      if (violation.isEmpty()) {
        counts.merge("no constrained member", 1, Integer::sum);
        continue;
      }
      Answer answer = ask(name, violation.get().body());
      counts.merge(answer.code(), 1, Integer::sum);
      assertThat(answer.code()).as(name + ": " + answer.message()).isEqualTo("ValidationException");
      assertThat(answer.message()).as(name).contains("at '" + violation.get().path() + "' failed to satisfy constraint: "
          + "Member must ");
    }
    System.out.println("violated constraints, answers by code: " + counts);
  }

  @Test
  void malformedRequestsAreRefused() {
    assertThat(platform.send("POST", "/", target("NoSuchOperation"), "{}".getBytes(StandardCharsets.UTF_8), "sagemaker"))
        .satisfies(answer -> assertThat(answer.status()).isEqualTo(400))
        .satisfies(answer -> assertThat(text(answer)).contains("UnknownOperationException"));
    for (String body : new String[] {"{", "[]", "{\"ModelName\": 5}", "{\"ModelName\": [\"x\"]}", "nonsense"}) {
      WireResponse answer =
          platform.send("POST", "/", target("DescribeModel"), body.getBytes(StandardCharsets.UTF_8), "sagemaker");
      assertThat(answer.status()).as(body).isEqualTo(400);
      assertThat(text(answer)).as(body).contains("SerializationException");
    }
  }

  private record Violation(String path, ObjectNode body) {}

  /** A body whose first member that has a pattern, a bound or an enumeration violates it. */
  private static Optional<Violation> violation(StructureShape input) {
    for (Member member : input.members().values()) {
      Optional<JsonNode> bad = bad(member.shape());
      if (bad.isPresent()) {
        ObjectNode body = JSON.createObjectNode();
        body.set(member.name(), bad.get());
        return Optional.of(new Violation(path(member.name()), body));
      }
    }
    return Optional.empty();
  }

  private static String path(String member) {
    return Character.toLowerCase(member.charAt(0)) + member.substring(1);
  }

  private static Optional<JsonNode> bad(Shape shape) {
    JsonNodeFactory nodes = JsonNodeFactory.instance;
    return switch (shape) {
      case StringShape text when !text.values().isEmpty() -> Optional.of(nodes.textNode("no such value"));
      case StringShape text when text.length().max() < 100_000 ->
          Optional.of(nodes.textNode("x".repeat(Math.toIntExact(text.length().max()) + 1)));
      case NumberShape number when number.max().isPresent() ->
          Optional.of(nodes.numberNode(number.max().get().add(BigDecimal.ONE)));
      case NumberShape number when number.min().isPresent() ->
          Optional.of(nodes.numberNode(number.min().get().subtract(BigDecimal.ONE)));
      case ListShape list when list.length().min() > 0 -> Optional.of(nodes.arrayNode());
      default -> Optional.empty();
    };
  }

  private record Answer(int status, String code, String message) {}

  private static Map<String, String> target(String operation) {
    return Map.of("X-Amz-Target", "SageMaker." + operation, "Content-Type", "application/x-amz-json-1.1");
  }

  private Answer ask(String operation, JsonNode body) throws IOException {
    WireResponse answer = platform.send("POST", "/", target(operation), JSON.writeValueAsBytes(body), "sagemaker");
    String text = text(answer);
    JsonNode node = text.isEmpty() ? JSON.createObjectNode() : JSON.readTree(text);
    String message = node.hasNonNull("message") ? node.get("message").asText() : node.path("Message").asText();
    return new Answer(answer.status(), answer.status() == 200 ? "" : node.path("__type").asText(), message);
  }

  private static String text(WireResponse answer) {
    return new String(((WireResponse.Bytes) answer.body()).value(), StandardCharsets.UTF_8);
  }
}
