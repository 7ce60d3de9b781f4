package dev.atelier.hosting;

import dev.atelier.compute.ComputeException;
import dev.atelier.kernel.Caller;
import dev.atelier.kernel.Fault;
import dev.atelier.models.sagemakerruntime.InvokeEndpointInput;
import dev.atelier.models.sagemakerruntime.InvokeEndpointOutput;
import dev.atelier.models.sagemakerruntime.SageMakerRuntimeOperations;
import dev.atelier.operation.OperationTable;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** InvokeEndpoint: hands a request to one of the endpoint's hosts in turn. */
final class InvocationApi {
  /** How long a model may take for an answer. */
  static final int MODEL_SECONDS = 60;
  private static final int MAX_MESSAGE = 2_000;
  private static final String CUSTOM = "x-amzn-sagemaker-custom-attributes";

  private final EndpointStore endpoints;
  private final ModelServers servers;
  private final EndpointMetrics metrics;
  private final AtomicInteger turn = new AtomicInteger();

  InvocationApi(EndpointStore endpoints, ModelServers servers, EndpointMetrics metrics) {
    this.endpoints = endpoints;
    this.servers = servers;
    this.metrics = metrics;
  }

  void register(OperationTable table) {
    table.on(SageMakerRuntimeOperations.invokeEndpoint(), this::invokeEndpoint);
  }

  InvokeEndpointOutput invokeEndpoint(Caller caller, InvokeEndpointInput request) {
    Endpoint endpoint = endpoints.find(EndpointApi.arn(caller, request.endpointName()))
        .filter(each -> each.state() == EndpointState.IN_SERVICE || each.state() == EndpointState.RESTARTING)
        .orElseThrow(() -> new Fault("ValidationError", 400,
            "Endpoint " + request.endpointName() + " of account " + caller.account() + " not found."));
    long begin = System.nanoTime();
    Timing timing = new Timing();
    try {
      InvokeEndpointOutput output = invoke(endpoint, request, timing);
      metrics.invoked(endpoint, 200, timing.model, Duration.ofNanos(System.nanoTime() - begin));
      return output;
    } catch (Fault fault) {
      metrics.invoked(endpoint, fault.code().equals("ModelError") ? timing.status : fault.status(), timing.model,
          Duration.ofNanos(System.nanoTime() - begin));
      throw fault;
    }
  }

  /** What is measured of one invocation: how the container answered, and how long it took. */
  private static final class Timing {
    private int status = 500;
    private Duration model = Duration.ZERO;
  }

  private InvokeEndpointOutput invoke(Endpoint endpoint, InvokeEndpointInput request, Timing timing) {
    check(endpoint, request);
    String host = EndpointWorkload.host(Math.floorMod(turn.getAndIncrement(), endpoint.hosts()));
    long asked = System.nanoTime();
    ModelServers.Answer answer;
    try {
      answer = invoke(endpoint, host, request);
      timing.status = answer.status();
    } finally {
      timing.model = Duration.ofNanos(System.nanoTime() - asked);
    }
    if (answer.status() >= 400) {
      throw modelError(endpoint, answer.status(), new String(answer.body(), StandardCharsets.UTF_8));
    }
    return InvokeEndpointOutput.builder()
        .body(answer.body())
        .contentType(answer.headers().getOrDefault("content-type", "application/octet-stream"))
        .invokedProductionVariant(endpoint.variant().variantName())
        .customAttributes(answer.headers().get(CUSTOM))
        .build();
  }

  private static void check(Endpoint endpoint, InvokeEndpointInput request) {
    String wanted = request.targetVariant();
    if (wanted != null && !wanted.equals(endpoint.variant().variantName())) {
      throw new Fault("ValidationError", 400, "Variant " + wanted + " not found for endpoint " + endpoint.name() + ".");
    }
    if (request.targetModel() != null) {
      throw new Fault("ValidationError", 400, "Endpoint " + endpoint.name()
          + " is not a multi-model endpoint and does not support target model header.");
    }
    if (request.inferenceComponentName() != null) {
      throw new Fault("ValidationError", 400, "Inference Component Name header is not allowed for endpoints to which "
          + "no inference components have been deployed.");
    }
  }

  private ModelServers.Answer invoke(Endpoint endpoint, String host, InvokeEndpointInput request) {
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("Content-Type", request.contentType() == null ? "application/octet-stream" : request.contentType());
    Optional.ofNullable(request.accept()).ifPresent(value -> headers.put("Accept", value));
    Optional.ofNullable(request.customAttributes()).ifPresent(value -> headers.put(CUSTOM, value));
    Optional.ofNullable(request.inferenceId())
        .ifPresent(value -> headers.put("X-Amzn-SageMaker-Inference-Id", value));
    try {
      return servers.invoke(EndpointWorkload.id(endpoint), host,
          request.body() == null ? new byte[0] : request.body(), headers, MODEL_SECONDS);
    } catch (ModelServers.NoAnswer e) {
      throw e.timedOut()
          ? modelError(endpoint, 0, "Your invocation timed out while waiting for a response from container "
              + endpoint.variant().variantName() + ". Review the latency metrics for each container in Amazon "
              + "CloudWatch, resolve the issue, and try again.")
          : new Fault("ServiceUnavailable", 503, "The model server of endpoint " + endpoint.name()
              + " does not answer at the moment.");
    } catch (ComputeException e) {
      throw new Fault("ServiceUnavailable", 503, "The model server of endpoint " + endpoint.name()
          + " is being started anew.");
    }
  }

  private static Fault modelError(Endpoint endpoint, int status, String message) {
    String original = message.length() > MAX_MESSAGE ? message.substring(0, MAX_MESSAGE) : message;
    String console = "https://console.aws.amazon.com/cloudwatch/home?region=" + endpoint.region()
        + "#logEventViewer:group=/aws/sagemaker/Endpoints/" + endpoint.name();
    return new Fault("ModelError", 424, "Received " + (status >= 500 || status == 0 ? "server error" : "client error")
        + " (" + status + ") from " + endpoint.variant().variantName() + " with message \"" + original + "\". See "
        + console + " in account " + endpoint.account() + " for more information.",
        Map.of("OriginalStatusCode", status, "OriginalMessage", original,
            "LogStreamArn", "arn:" + endpoint.region().partition().id() + ":logs:" + endpoint.region() + ":"
                + endpoint.account() + ":log-group:/aws/sagemaker/Endpoints/" + endpoint.name()));
  }
}
