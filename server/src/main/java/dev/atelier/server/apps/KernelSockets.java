package dev.atelier.server.apps;

import dev.atelier.jupyter.WebSocketFormat;
import dev.atelier.kernel.Fault;
import dev.atelier.studio.KernelApps.Place;
import dev.atelier.studio.kernels.Kernel;
import dev.atelier.studio.kernels.Kernels;
import java.nio.charset.StandardCharsets;
import java.net.URLDecoder;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.websocket.server.ServerUpgradeRequest;
import org.eclipse.jetty.websocket.server.ServerUpgradeResponse;
import org.eclipse.jetty.websocket.server.ServerWebSocketContainer;

/** The WebSockets over which clients talk with kernels, in either format. */
final class KernelSockets {
  /** The longest message that is taken from a client. */
  private static final long LONGEST = 32L << 20;

  private final Kernels kernels;
  private final OpenSockets open;

  KernelSockets(Kernels kernels, OpenSockets open) {
    this.kernels = kernels;
    this.open = open;
  }

  /** Joins a client with a kernel; refuses when there is none of that id. */
  void upgrade(Place place, String id, BooleanSupplier lasts, Request request, Response response, Callback callback) {
    Optional<Kernel> kernel = kernels.find(place, id).filter(found -> found.state() != Kernel.State.DEAD);
    if (kernel.isEmpty()) {
      AppAnswers.text(response, callback, 404, "Kernel does not exist: " + id);
      return;
    }
    ServerWebSocketContainer container =
        ServerWebSocketContainer.ensure(request.getConnectionMetaData().getConnector().getServer());
    container.upgrade((asked, answer, done) -> socket(kernel.get(), lasts, asked, answer), request, response, callback);
  }

  private KernelSocket socket(Kernel kernel, BooleanSupplier lasts, ServerUpgradeRequest asked, ServerUpgradeResponse answer) {
    WebSocketFormat format = WebSocketFormat.DEFAULT;
    if (asked.getSubProtocols().contains(WebSocketFormat.V1.subprotocol())) {
      format = WebSocketFormat.V1;
      answer.setAcceptedSubProtocol(format.subprotocol());
    }
    // compressing what a kernel says costs more than it saves on the way to a browser nearby
    answer.setExtensions(List.of());
    return new KernelSocket(format, sink -> kernels.connect(kernel, session(asked), sink)
        .orElseThrow(() -> new Fault("ResourceNotFound", 404, "The kernel is gone.")), open.during(lasts), LONGEST);
  }

  /** What the client calls itself; who says nothing is somebody new each time. */
  private static String session(Request asked) {
    String query = asked.getHttpURI().getQuery();
    return Arrays.stream(query == null ? new String[0] : query.split("&"))
        .filter(each -> each.startsWith("session_id="))
        .map(each -> URLDecoder.decode(each.substring("session_id=".length()), StandardCharsets.UTF_8))
        .filter(text -> !text.isEmpty()).findFirst().orElseGet(() -> UUID.randomUUID().toString());
  }
}
