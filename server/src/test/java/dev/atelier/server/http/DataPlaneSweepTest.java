package dev.atelier.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atelier.models.Length;
import dev.atelier.models.Member;
import dev.atelier.models.OperationModel;
import dev.atelier.models.ServiceModel;
import dev.atelier.models.StringShape;
import dev.atelier.wire.WireResponse;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The operations of SageMaker's runtime, feature store and metrics, asked with nothing and with values too long. */
class DataPlaneSweepTest extends PlatformTest {
  private static final Pattern LABEL = Pattern.compile("\\{([A-Za-z]+)\\+?}");

  @Test
  void everyOperationIsParsedAndValidated() {
    Map<String, Integer> counts = new TreeMap<>();
    int operations = 0;
    for (String service : new String[] {"sagemaker-runtime", "sagemaker-featurestore-runtime", "sagemaker-metrics"}) {
      for (String name : ServiceModel.load(service).operationNames()) {
        operations++;
        OperationModel operation = ServiceModel.load(service).operation(name).orElseThrow();
        for (boolean violated : new boolean[] {false, true}) {
          WireResponse answer = ask(operation, violated);
          String text = text(answer);
          counts.merge((violated ? "violated " : "empty ") + answer.status(), 1, Integer::sum);
          assertThat(answer.status()).as(name + ": " + text).isBetween(200, 499);
          if (violated && labelled(operation)) {
            assertThat(text).as(name).contains("validation error", "failed to satisfy constraint: Member must have "
                + "length less than or equal to ");
          }
        }
      }
    }
    System.out.println("data planes, answers by status counts: " + counts);
    assertThat(operations).isGreaterThan(8);
  }

  private WireResponse ask(OperationModel operation, boolean violated) {
    Matcher label = LABEL.matcher(operation.requestUri());
    String path = label.replaceAll(found -> violated ? overlong(operation, found.group(1)) : "name");
    return platform.send(operation.method(), path, Map.of("Content-Type", "application/json"),
        (operation.method().equals("GET") ? "" : "{}").getBytes(StandardCharsets.UTF_8), "sagemaker");
  }

  private static boolean labelled(OperationModel operation) {
    return LABEL.matcher(operation.requestUri()).find();
  }

  private static String overlong(OperationModel operation, String label) {
    return operation.input().orElseThrow().members().values().stream()
        .filter(member -> member.location() == Member.Location.URI && member.locationName().equals(label))
        .map(Member::shape).map(shape -> ((StringShape) shape).length()).filter(length -> length.max() < 10_000)
        .mapToLong(Length::max).mapToObj(max -> "x".repeat(Math.toIntExact(max) + 1)).findFirst().orElse("name");
  }

  private static String text(WireResponse answer) {
    return answer.body() instanceof WireResponse.Bytes bytes
        ? new String(bytes.value(), StandardCharsets.UTF_8) : "";
  }
}
