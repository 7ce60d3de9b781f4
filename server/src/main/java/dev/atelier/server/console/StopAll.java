package dev.atelier.server.console;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.atelier.kernel.Caller;
import dev.atelier.server.http.Dispatcher;
import dev.atelier.usage.UsageFeature;
import dev.atelier.usage.UsageFeature.Running;
import dev.atelier.wire.Headers;
import dev.atelier.wire.WireRequest;
import dev.atelier.wire.WireResponse;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Ends all that runs and costs, each by its own operation, as far as the caller may; nothing that lasts is deleted. */
public final class StopAll {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Dispatcher dispatcher;
  private final UsageFeature usage;

  public StopAll(Dispatcher dispatcher, UsageFeature usage) {
    this.dispatcher = dispatcher;
    this.usage = usage;
  }

  /** What is to be stopped: all, or what runs for a domain or a user of it. */
  record Chosen(Optional<String> domain, Optional<String> user) {
    boolean has(Running running) {
      return domain.map(running.payer().domain()::equals).orElse(true)
          && user.map(running.payer().owner()::equals).orElse(true);
    }
  }

  /**
   * Stops what was chosen.
   *
   * @param endpoints whether endpoints are deleted as well, which end no other way
   * @return what was stopped, and what was not with the reason
   */
  Map<String, Object> stop(Caller caller, Chosen chosen, boolean endpoints) {
    List<String> stopped = new ArrayList<>();
    List<Map<String, Object>> refused = new ArrayList<>();
    for (Running running : usage.running(caller.account(), caller.region())) {
      if (chosen.has(running) && (endpoints || !running.operation().equals("DeleteEndpoint"))) {
        refusal(caller, running).ifPresentOrElse(
            reason -> refused.add(Map.of("resource", running.resource().toString(), "reason", reason)),
            () -> stopped.add(running.resource().toString()));
      }
    }
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("stopped", stopped);
    answer.put("refused", refused);
    return answer;
  }

  private Optional<String> refusal(Caller caller, Running running) {
    try {
      WireResponse answer = dispatcher.dispatchFor(caller, "sagemaker", new WireRequest("POST", "/", "",
          Headers.of("Content-Type", "application/x-amz-json-1.1", "X-Amz-Target", "SageMaker." + running.operation()),
          new ByteArrayInputStream(JSON.writeValueAsBytes(running.request())), true, ""));
      if (answer.status() < 400) {
        return Optional.empty();
      }
      JsonNode error = answer.body() instanceof WireResponse.Bytes bytes ? JSON.readTree(bytes.value())
          : JSON.createObjectNode();
      return Optional.of(error.path("message").asText(error.path("Message").asText("It was refused.")));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    } catch (IOException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }
}
