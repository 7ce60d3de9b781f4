package dev.atelier.server.door;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.atelier.compute.WorkloadId;
import dev.atelier.identity.SessionCredentials;
import dev.atelier.identity.Sessions;
import dev.atelier.jobs.LiveWorkloads;
import dev.atelier.kernel.Fault;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Blocker;
import org.eclipse.jetty.util.Callback;

/** Answers a sandbox's request for its role's credentials, as the credentials address of a container does on AWS. */
public final class CredentialsHandler extends Handler.Wrapper {
  static final String PATH = "/atelier/credentials";
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration LIFE = Duration.ofHours(1);
  private static final Duration REFRESH = Duration.ofMinutes(20);

  private final DoorTokens tokens;
  private final LiveWorkloads live;
  private final Sessions sessions;
  private final Clock clock;
  private final Map<WorkloadId, SessionCredentials> issued = new ConcurrentHashMap<>();

  public CredentialsHandler(
      Handler next, DoorTokens tokens, LiveWorkloads live, Sessions sessions, Clock clock) {
    super(next);
    this.tokens = tokens;
    this.live = live;
    this.sessions = sessions;
    this.clock = clock;
    live.onRemoval(this::forget);
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    String workload = Doors.workload(request.getConnectionMetaData().getConnector().getName());
    if (workload.isEmpty() || !request.getHttpURI().getPath().equals(PATH)) {
      return super.handle(request, response, callback);
    }
    try {
      answer(request, response, new WorkloadId(workload));
      callback.succeeded();
    } catch (IOException clientGone) {
      callback.failed(clientGone);
    }
    return true;
  }

  private void answer(Request request, Response response, WorkloadId id) throws IOException {
    String token = request.getHeaders().get(HttpHeader.AUTHORIZATION);
    Optional<LiveWorkloads.Owner> role = live.find(id);
    if (token == null || !tokens.isOf(id, token) || role.flatMap(LiveWorkloads.Owner::role).isEmpty()) {
      write(response, 403, Map.of("code", "AccessDenied", "message", "These are not this workload's credentials."));
      return;
    }
    try {
      SessionCredentials credentials = credentials(id, role.get());
      write(response, 200, Map.of("AccessKeyId", credentials.accessKeyId(),
          "SecretAccessKey", credentials.secretAccessKey(), "Token", credentials.sessionToken(),
          "Expiration", credentials.expiration().toString(), "RoleArn", role.get().role().orElseThrow().toString()));
    } catch (Fault fault) {
      write(response, 400, Map.of("code", fault.code(), "message", fault.getMessage()));
    }
  }

  private SessionCredentials credentials(WorkloadId id, LiveWorkloads.Owner role) {
    return issued.compute(id, (key, present) ->
        present != null && clock.instant().isBefore(present.expiration().minus(REFRESH)) ? present
            : sessions.assumeForService(role.role().orElseThrow(), "sagemaker.amazonaws.com", role.region(),
                role.session().length() > 64 ? role.session().substring(0, 64) : role.session(), id.value(), LIFE).credentials());
  }

  /** A program that has ended, or whoever it gave its credentials to, acts no longer. */
  private void forget(WorkloadId id) {
    issued.remove(id);
    sessions.endOf(id.value());
  }

  private static void write(Response response, int status, Map<String, String> body) throws IOException {
    byte[] bytes = JSON.writeValueAsBytes(body);
    response.setStatus(status);
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
    response.getHeaders().put(HttpHeader.CONTENT_LENGTH, bytes.length);
    response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
    try (Blocker.Callback done = Blocker.callback()) {
      response.write(true, ByteBuffer.wrap(bytes), done);
      done.block();
    }
  }
}
