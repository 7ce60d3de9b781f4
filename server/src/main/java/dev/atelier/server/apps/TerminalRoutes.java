package dev.atelier.server.apps;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.atelier.kernel.Arn;
import dev.atelier.kernel.Fault;
import dev.atelier.studio.KernelApps.Place;
import dev.atelier.studio.kernels.Terminals;
import dev.atelier.studio.kernels.Terminals.Terminal;
import dev.atelier.wire.WireResponse;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.websocket.server.ServerWebSocketContainer;

/**
 * Jupyter's REST API and WebSockets of terminals, for those inside of images; Jupyter's own server answers for its own.
 * {@code POST} takes {@code image_arn}, {@code instance_type}, {@code lcc_arn} and {@code cwd}, relative to the home.
 */
final class TerminalRoutes {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Terminals terminals;
  private final JupyterList jupyter;
  private final OpenSockets open;

  /** Terminals of the owner's Jupyter server. */
  @FunctionalInterface
  interface JupyterList {
    List<JsonNode> terminals(Arn owner) throws IOException;
  }

  TerminalRoutes(Terminals terminals, JupyterList jupyter, OpenSockets open) {
    this.terminals = terminals;
    this.jupyter = jupyter;
    this.open = open;
  }

  /**
   * Answers a request.
   *
   * @param parts what follows {@code api/terminals}
   * @return empty when Jupyter's own server is to answer
   */
  Optional<WireResponse> answer(Place place, Request request, List<String> parts) {
    try {
      if (parts.isEmpty()) {
        return request.getMethod().equals("POST") ? create(place, request) : Optional.of(all(place));
      }
      if (parts.size() > 1 || !Terminals.named(parts.getFirst())) {
        return Optional.empty();
      }
      if (request.getMethod().equals("DELETE")) {
        terminals.delete(place, parts.getFirst());
        return Optional.of(JsonAnswers.nothing());
      }
      return Optional.of(terminals.find(place, parts.getFirst()).map(found -> JsonAnswers.json(200, model(found)))
          .orElseGet(() -> JsonAnswers.missing("Terminal not found: " + parts.getFirst())));
    } catch (Fault refused) {
      return Optional.of(JsonAnswers.error(refused.status(), refused.getMessage()));
    }
  }

  private Optional<WireResponse> create(Place place, Request request) {
    byte[] body = JsonAnswers.bytes(Content.Source.asInputStream(request));
    ObjectNode asked = JsonAnswers.object(body);
    if (!asked.has("image_arn")) {
      // JupyterLab asks for a terminal that was there when its page was closed
      if (Terminals.named(asked.path("name").asText(""))) {
        return Optional.of(JsonAnswers.missing("Terminal not found: " + asked.path("name").asText()));
      }
      request.setAttribute(AppProxy.BODY, body);
      return Optional.empty();
    }
    Arn image = Arn.parse(asked.path("image_arn").asText()).filter(arn -> arn.resource().startsWith("image"))
        .orElseThrow(() -> Fault.validation("image_arn must be the ARN of an image."));
    return Optional.of(JsonAnswers.json(200, model(terminals.create(place, new Terminals.Wish(image,
        given(asked, "instance_type"), given(asked, "lcc_arn"), asked.path("cwd").asText(""))))));
  }

  private static Optional<String> given(ObjectNode asked, String name) {
    return Optional.of(asked.path(name).asText("")).filter(text -> !text.isEmpty());
  }

  private WireResponse all(Place place) {
    ArrayNode all = JsonAnswers.object().putArray("all");
    try {
      jupyter.terminals(place.owner()).forEach(all::add);
    } catch (IOException e) {
      return JsonAnswers.error(503, e.getMessage());
    }
    terminals.all(place).forEach(terminal -> all.add(model(terminal)));
    return JsonAnswers.json(200, all);
  }

  private static ObjectNode model(Terminal terminal) {
    return JsonAnswers.object().put("name", terminal.name()).put("last_activity", terminal.activity().toString())
        .put("app_name", terminal.appName());
  }

  /** Joins a client with a terminal; false when it is one of Jupyter's own. */
  boolean upgrade(Place place, String name, BooleanSupplier lasts, Request request, Response response,
      Callback callback) {
    if (!Terminals.named(name)) {
      return false;
    }
    try {
      if (terminals.find(place, name).isEmpty()) {
        AppAnswers.text(response, callback, 404, "Terminal not found: " + name);
        return true;
      }
    } catch (Fault refused) {
      AppAnswers.text(response, callback, refused.status(), refused.getMessage());
      return true;
    }
    ServerWebSocketContainer.ensure(request.getConnectionMetaData().getConnector().getServer()).upgrade(
        (asked, answer, done) -> {
          answer.setExtensions(List.of());
          return new TerminalSocket(sink -> terminals.connect(place, name, sink), open.during(lasts));
        }, request, response, callback);
    return true;
  }
}
