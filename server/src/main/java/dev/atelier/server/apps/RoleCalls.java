package dev.atelier.server.apps;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.atelier.jobs.JobRoles;
import dev.atelier.kernel.Arn;
import dev.atelier.kernel.Caller;
import dev.atelier.kernel.Fault;
import dev.atelier.kernel.Region;
import dev.atelier.server.console.ServiceEndpoint;
import dev.atelier.server.http.Dispatcher;
import dev.atelier.studio.KernelApps.Place;
import dev.atelier.studio.RoleActions;
import dev.atelier.studio.kernels.Gateways;
import dev.atelier.wire.Headers;
import dev.atelier.wire.WireRequest;
import dev.atelier.wire.WireResponse;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** What an app's pages do in AWS's services: as the app's execution role, by the same way as every signed call. */
public final class RoleCalls implements Gateways.AppCalls, RoleActions {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String SESSION = "SageMaker";

  private final Dispatcher dispatcher;
  private final JobRoles roles;

  public RoleCalls(Dispatcher dispatcher, JobRoles roles) {
    this.dispatcher = dispatcher;
    this.roles = roles;
  }

  private Caller caller(Place place, Region region) {
    return roles.caller(place.requireRole().toString(), region, SESSION);
  }

  /** Answers a page's request to a service. */
  WireResponse answer(Place place, WireRequest request) {
    return ServiceEndpoint.answer(dispatcher, request, place.region(), region -> caller(place, region));
  }

  /**
   * Performs an operation of SageMaker's.
   *
   * @throws Fault what it answers
   */
  void perform(Place place, String operation, Map<String, Object> request) {
    perform(caller(place, place.region()), operation, request);
  }

  @Override
  public JsonNode perform(Arn role, Region region, String operation, Map<String, Object> request) {
    return perform(roles.caller(role.toString(), region, SESSION), operation, request);
  }

  private JsonNode perform(Caller caller, String operation, Map<String, Object> request) {
    try {
      WireResponse answer = dispatcher.dispatchFor(caller, "sagemaker", new WireRequest("POST",
          "/", "", Headers.of("Content-Type", "application/x-amz-json-1.1", "X-Amz-Target", "SageMaker." + operation),
          new ByteArrayInputStream(JSON.writeValueAsBytes(request)), true, ""));
      JsonNode content = JSON.readTree(bytes(answer));
      if (answer.status() >= 400) {
        String code = content.path("__type").asText("InternalFailure");
        // AWS's JSON services refuse with 400 too; pages go by the status
        throw new Fault(code.substring(code.indexOf('#') + 1), code.contains("AccessDenied") ? 403 : answer.status(),
            content.path("message").asText(content.path("Message").asText(code)));
      }
      return content;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] bytes(WireResponse answer) {
    return answer.body() instanceof WireResponse.Bytes bytes ? bytes.value() : new byte[0];
  }

  @Override
  public void makeBucket(Arn role, Region region, String bucket) {
    // us-east-1 is the one region that S3 does not take as a constraint
    byte[] body = region.name().equals("us-east-1") ? new byte[0] : ("<CreateBucketConfiguration><LocationConstraint>"
        + region.name() + "</LocationConstraint></CreateBucketConfiguration>").getBytes(StandardCharsets.UTF_8);
    WireResponse answer = dispatcher.dispatchFor(roles.caller(role.toString(), region, SESSION), "s3",
        new WireRequest("PUT", "/" + bucket, "", Headers.of("Content-Length", String.valueOf(body.length)),
            new ByteArrayInputStream(body), true, ""));
    if (answer.status() >= 400) {
      String text = new String(bytes(answer), StandardCharsets.UTF_8);
      throw new Fault("BucketNotMade", answer.status(), "The bucket " + bucket + " cannot be made: "
          + text.replaceAll("(?s).*<Message>(.*)</Message>.*", "$1"));
    }
  }

  @Override
  public void create(Place place, Map<String, Object> request) {
    perform(place, "CreateApp", request);
  }
}
