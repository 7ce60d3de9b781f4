package dev.atelier.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atelier.kernel.Fault;
import dev.atelier.models.OperationModel;
import dev.atelier.models.ServiceModel;
import dev.atelier.models.StructureShape;
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

class CborRpcTest {
  private static final ServiceModel CLOUDWATCH = ServiceModel.load("cloudwatch");
  private static final CborRpc CBOR = new CborRpc(CLOUDWATCH);
  private static final OperationModel PUT = CLOUDWATCH.operation("PutMetricData").orElseThrow();

  private static WireRequest post(String path, byte[] body, String... headers) {
    return new WireRequest("POST", path, "", Headers.of(headers), new ByteArrayInputStream(body), false, "");
  }

  @Test
  void everyStructureSurvivesTheWire() {
    long seed = 20261121;
    RandomDocuments documents = new RandomDocuments(new Random(seed), false);
    for (String name : CLOUDWATCH.operationNames()) {
      OperationModel operation = CLOUDWATCH.operation(name).orElseThrow();
      for (Optional<StructureShape> side : List.of(operation.input(), operation.output())) {
        for (int i = 0; side.isPresent() && i < 5; i++) {
          Map<String, Object> document = documents.of(side.get());
          assertThat(JsonReader.readCbor(side.get(), JsonWriter.writeCbor(side.get(), document)))
              .as("%s seed %d", operation, seed).usingRecursiveComparison().isEqualTo(document);
        }
      }
    }
  }

  @Test
  void thePathNamesTheOperation() {
    String path = "/service/GraniteServiceVersion20100801/operation/PutMetricData";
    assertThat(CBOR.operationName(post(path, new byte[0], "smithy-protocol", "rpc-v2-cbor"))).hasValue("PutMetricData");
    assertThat(CborRpc.target(post(path, new byte[0]))).as("a bucket may be called service").isEmpty();
    assertThat(CBOR.operationName(post("/service/Other/operation/X", new byte[0], "smithy-protocol", "rpc-v2-cbor")))
        .isEmpty();
  }

  @Test
  void packedBodiesAreUnpackedUpToABound() throws IOException {
    Map<String, Object> document = Map.of("Namespace", "n",
        "MetricData", List.of(Map.of("MetricName", "m", "Value", 1.5, "Timestamp", Instant.ofEpochMilli(1_700_000_000_123L))));
    byte[] plain = JsonWriter.writeCbor(PUT.input().orElseThrow(), document);
    assertThat(CBOR.decode(PUT, post("/", gzip(plain), "Content-Encoding", "gzip"), Map.of())).isEqualTo(document);
    byte[] bomb = gzip(new byte[RequestBody.MAX_BYTES + 1]);
    assertThatThrownBy(() -> CBOR.decode(PUT, post("/", bomb, "Content-Encoding", "gzip"), Map.of()))
        .isInstanceOfSatisfying(Fault.class, fault -> assertThat(fault.status()).isEqualTo(413));
  }

  @Test
  void aFormMayBePackedToo() throws IOException {
    QueryProtocol query = new QueryProtocol(CLOUDWATCH);
    byte[] form = gzip("Action=PutMetricData&Version=2010-08-01&Namespace=n&MetricData.member.1.MetricName=m"
        .getBytes(UTF_8));
    WireRequest request = post("/", form, "Content-Encoding", "gzip");
    QueryProtocol.Form read = query.form(request);
    assertThat(read.action()).hasValue("PutMetricData");
    assertThat(query.decode(PUT, request.unpacked(new ByteArrayInputStream(read.body())), Map.of()))
        .containsEntry("Namespace", "n");
  }

  @Test
  void garbageIsAFault() {
    long seed = 7;
    Random random = new Random(seed);
    for (int i = 0; i < 20_000; i++) {
      byte[] body = new byte[1 + random.nextInt(40)];
      random.nextBytes(body);
      body[0] = i % 2 == 0 ? (byte) 0xbf : body[0];
      try {
        CBOR.decode(PUT, post("/", body), Map.of());
      } catch (Fault expected) {
        assertThat(expected.status()).as("seed %d", seed).isLessThan(500);
      }
    }
  }

  @Test
  void errorsCarryTheQueryCode() throws IOException {
    WireResponse answer = CBOR.error(new Fault("InvalidParameterValueException", 400, "no"), "r", Optional.of(PUT));
    assertThat(answer.headers().first("x-amzn-query-error")).hasValue("InvalidParameterValue;Sender");
    assertThat(answer.headers().first("smithy-protocol")).hasValue("rpc-v2-cbor");
    byte[] body = ((WireResponse.Bytes) answer.body()).value();
    assertThat(new com.fasterxml.jackson.dataformat.cbor.databind.CBORMapper().readTree(body).path("message").asText())
        .isEqualTo("no");
    assertThat(new AwsJson(CLOUDWATCH).error(Fault.validation("v"), "r", Optional.of(PUT)).headers()
        .first("x-amzn-query-error")).hasValue("ValidationError;Sender");
  }

  private static byte[] gzip(byte[] plain) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
      out.write(plain);
    }
    return bytes.toByteArray();
  }
}
