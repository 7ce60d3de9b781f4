package dev.atelier.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atelier.kernel.Fault;
import dev.atelier.models.OperationModel;
import dev.atelier.models.ServiceModel;
import dev.atelier.models.StructureShape;
import dev.atelier.models.sagemaker.CreateTrainingJobRequest;
import dev.atelier.models.sagemaker.CreateTrainingJobResponse;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AwsJsonTest {
  private static final ServiceModel SAGEMAKER = ServiceModel.load("sagemaker");
  private static final AwsJson JSON = new AwsJson(SAGEMAKER);

  private static WireRequest post(byte[] body) {
    return new WireRequest("POST", "/", "", new Headers(), new ByteArrayInputStream(body), false, "");
  }

  private static Map<String, Object> decode(String operation, String body) {
    return JSON.decode(SAGEMAKER.operation(operation).orElseThrow(), post(body.getBytes(UTF_8)), Map.of());
  }

  private static String text(WireResponse response) {
    return new String(((WireResponse.Bytes) response.body()).value(), UTF_8);
  }

  @ParameterizedTest
  @ValueSource(strings = {"sagemaker", "logs", "cloudwatch"})
  void everyStructureSurvivesTheWire(String service) {
    long seed = 20261121;
    RandomDocuments documents = new RandomDocuments(new Random(seed), false);
    ServiceModel model = ServiceModel.load(service);
    for (String name : model.operationNames()) {
      OperationModel operation = model.operation(name).orElseThrow();
      for (Optional<StructureShape> side : List.of(operation.input(), operation.output())) {
        if (side.isEmpty() || side.get().members().values().stream()
            .anyMatch(m -> m.shape() instanceof StructureShape s && s.eventStream())) {
          continue;
        }
        for (int i = 0; i < 5; i++) {
          Map<String, Object> document = documents.of(side.get());
          byte[] wire = JsonWriter.write(side.get(), document);
          assertThat(JsonReader.read(side.get(), wire)).as("%s seed %d", operation, seed)
              .usingRecursiveComparison().isEqualTo(document);
        }
      }
    }
  }

  @Test
  void aRecordSurvivesTheWire() {
    CreateTrainingJobRequest request = CreateTrainingJobRequest.builder().trainingJobName("j")
        .hyperParameters(Map.of("eta", "0.2")).inputDataConfig(List.of()).build();
    OperationModel operation = SAGEMAKER.operation("CreateTrainingJob").orElseThrow();
    byte[] wire = JsonWriter.write(operation.input().orElseThrow(), request.toDocument());
    assertThat(new String(wire, UTF_8))
        .isEqualTo("{\"TrainingJobName\":\"j\",\"HyperParameters\":{\"eta\":\"0.2\"},\"InputDataConfig\":[]}");
    assertThat(CreateTrainingJobRequest.fromDocument(JSON.decode(operation, post(wire), Map.of()))).isEqualTo(request);
    WireResponse answer = JSON.encode(operation,
        CreateTrainingJobResponse.builder().trainingJobArn("arn:x").build().toDocument(), "r-1");
    assertThat(text(answer)).isEqualTo("{\"TrainingJobArn\":\"arn:x\"}");
    assertThat(answer.headers().first("content-type")).hasValue("application/x-amz-json-1.1");
    assertThat(answer.headers().first("x-amzn-requestid")).hasValue("r-1");
  }

  @Test
  void timestampsAreSecondsWithMilliseconds() {
    StructureShape shape = SAGEMAKER.operation("DescribeTrainingJob").orElseThrow().output().orElseThrow();
    assertThat(new String(JsonWriter.write(shape, Map.of("CreationTime", Instant.ofEpochMilli(1529870369986L))), UTF_8))
        .isEqualTo("{\"CreationTime\":1529870369.986}");
    assertThat(new String(JsonWriter.write(shape, Map.of("CreationTime", Instant.ofEpochSecond(1529870370L))), UTF_8))
        .isEqualTo("{\"CreationTime\":1529870370}");
  }

  @Test
  void unknownAndNullMembersAreSkipped() {
    assertThat(decode("ListTrainingJobs", "{\"Nope\":{\"a\":[1]},\"NextToken\":null,\"MaxResults\":5}"))
        .isEqualTo(Map.of("MaxResults", 5));
    assertThat(decode("ListTrainingJobs", "")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
      "{\"MaxResults\":\"5\"}|STRING_VALUE can not be converted to an Integer",
      "{\"MaxResults\":5.5}|DECIMAL_VALUE can not be converted to an Integer",
      "{\"MaxResults\":99999999999}|NUMBER_VALUE can not be converted to an Integer",
      "{\"MaxResults\":{}}|Start of structure or map found where not expected.",
      "{\"NextToken\":5}|NUMBER_VALUE can not be converted to a String",
      "{\"NextToken\":true}|TRUE_VALUE can not be converted to a String",
      "{\"NextToken\":[]}|Start of list found where not expected",
      "{\"CreationTimeAfter\":\"soon\"}|A timestamp of the request is not in a known format.",
      "[]|Start of list found where not expected",
      "null|The request body is not one JSON object.",
      "{} {}|The request body is not one JSON object.",
      "{\"MaxResults\":|The request body is not valid JSON.",
      "{MaxResults:5}|The request body is not valid JSON.",
  })
  void whatCannotBeReadIsSaid(String body, String message) {
    assertThatThrownBy(() -> decode("ListTrainingJobs", body))
        .isInstanceOfSatisfying(Fault.class, fault -> assertThat(fault.code()).isEqualTo("SerializationException"))
        .hasMessage(message);
  }

  @Test
  void depthIsBounded() {
    String deep = "{\"Nope\":" + "[".repeat(5000) + "]".repeat(5000) + "}";
    assertThatThrownBy(() -> decode("ListTrainingJobs", deep)).isInstanceOf(Fault.class);
    for (String time : List.of("1e999999999", "1e-999999999", "\"1e-99999999\"", "-1e400")) {
      assertThatThrownBy(() -> decode("ListTrainingJobs", "{\"CreationTimeAfter\":" + time + "}"))
          .isInstanceOf(Fault.class);
    }
  }

  @Test
  void errorsCarryTheModelsMembers() {
    OperationModel create = SAGEMAKER.operation("CreateTrainingJob").orElseThrow();
    WireResponse modelled = JSON.error(Fault.resourceInUse("in use"), "r", Optional.of(create));
    assertThat(text(modelled)).isEqualTo("{\"__type\":\"ResourceInUse\",\"Message\":\"in use\"}");
    assertThat(modelled.status()).isEqualTo(400);
    assertThat(text(JSON.error(Fault.validation("bad"), "r", Optional.of(create))))
        .isEqualTo("{\"__type\":\"ValidationException\",\"message\":\"bad\"}");
  }

  @Test
  void cloudWatchAnswersInBothDialects() throws IOException {
    ServiceModel model = ServiceModel.load("cloudwatch");
    AwsJson json = new AwsJson(model);
    OperationModel put = model.operation("PutMetricData").orElseThrow();
    WireResponse answer =
        json.error(new Fault("InvalidParameterValue", 400, "no"), "r", Optional.of(put));
    assertThat(answer.headers().first("x-amzn-query-error")).hasValue("InvalidParameterValue;Sender");
    assertThat(text(answer)).startsWith("{\"__type\":\"InvalidParameterValueException\"");
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
      gzip.write("{\"Namespace\":\"n\"}".getBytes(UTF_8));
    }
    WireRequest request = new WireRequest("POST", "/", "", Headers.of("Content-Encoding", "gzip"),
        new ByteArrayInputStream(packed.toByteArray()), false, "");
    assertThat(json.decode(put, request, Map.of())).isEqualTo(Map.of("Namespace", "n"));
  }
}
