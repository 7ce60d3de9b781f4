package dev.atelier.server.apps;

import dev.atelier.entry.Standing;
import dev.atelier.jobs.Capacity;
import dev.atelier.kernel.Arn;
import dev.atelier.kernel.Fault;
import dev.atelier.server.console.ServiceEndpoint;
import dev.atelier.server.http.Exchange;
import dev.atelier.studio.KernelApps;
import dev.atelier.studio.KernelApps.Place;
import dev.atelier.studio.kernels.Kernels;
import dev.atelier.wire.WireRequest;
import dev.atelier.wire.WireResponse;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * What the server itself answers at the host of Studio's JupyterLab: kernels, Studio's own questions, and AWS's services
 * as the app's execution role. The rest is its program's.
 */
public final class StudioSide implements AppHandler.Own, AutoCloseable {
  private static final String OWN = "/studio-api/";
  private static final String JUPYTER = "/jupyter/default/";
  private static final String CONTENTS = "contents/";

  private final KernelApps apps;
  private final Kernels kernels;
  private final KernelRoutes routes;
  private final KernelSockets sockets;
  private final StudioRoutes own;
  private final Map<String, Part> parts;
  private final RoleCalls roles;
  private final RunningEvents events = new RunningEvents();
  private final Clock clock;

  /** Answers what lies below one name at {@code /studio-api/}. */
  @FunctionalInterface
  public interface Part {
    /** @param path what is asked for below the name, without a slash at either end; may be empty */
    WireResponse answer(Place place, WireRequest request, String path);
  }

  /** @param parts by name; other names are kernels' and what runs */
  public StudioSide(KernelApps apps, Kernels kernels, RoleCalls roles, Capacity capacity, Map<String, Part> parts,
      Clock clock) {
    this.apps = apps;
    this.kernels = kernels;
    this.routes = new KernelRoutes(kernels, apps);
    this.sockets = new KernelSockets(kernels);
    this.own = new StudioRoutes(kernels, apps, roles, capacity);
    this.parts = Map.copyOf(parts);
    this.roles = roles;
    this.clock = clock;
    kernels.onChange(events::changed);
  }

  /** @param lasts whether the session that asks still does */
  @Override
  public boolean handle(Standing.Ready app, BooleanSupplier lasts, Request request, Response response, Callback callback) {
    String path = request.getHttpURI().getPath();
    boolean asked = path.startsWith(JUPYTER + "api/") || path.startsWith(ServiceEndpoint.PATH) || path.startsWith(OWN);
    Optional<Place> place = asked ? studio(app.program()) : Optional.empty();
    if (place.isEmpty()) {
      return false;
    }
    if (path.startsWith(JUPYTER + "api/")) {
      return jupyter(place.get(), URLDecoder.decode(path.substring((JUPYTER + "api/").length()).replace("+", "%2B"),
          StandardCharsets.UTF_8), request, response, callback);
    }
    if (path.startsWith(ServiceEndpoint.PATH)) {
      return send(roles.answer(place.get(), Exchange.request(request)), request, response, callback);
    }
    if (path.equals(OWN + "events")) {
      return send(events.answer(place.get().owner(), () -> own.running(place.get()), lasts), request, response,
          callback);
    }
    String asks = URLDecoder.decode(path.substring(OWN.length()).replace("+", "%2B"), StandardCharsets.UTF_8)
        .replaceAll("/+$", "");
    return send(answer(place.get(), Exchange.request(request), asks), request, response, callback);
  }

  private WireResponse answer(Place place, WireRequest request, String path) {
    String[] names = path.split("/", 2);
    Part part = parts.get(names[0]);
    if (part == null) {
      return own.answer(place, request, path);
    }
    try {
      return part.answer(place, request, names.length == 1 ? "" : names[1]);
    } catch (Fault refused) {
      return JsonAnswers.refusal(refused);
    }
  }

  /** The place of an app whose kernels are kept here. */
  private Optional<Place> studio(Arn app) {
    return app.resource().startsWith("app/") ? apps.place(app).filter(place -> place.appType().equals("JupyterServer"))
        : Optional.empty();
  }

  /** @param path below {@code api/}, decoded */
  private boolean jupyter(Place place, String path, Request request, Response response, Callback callback) {
    String[] parts = path.split("/");
    if (parts.length == 3 && parts[0].equals("kernels") && parts[2].equals("channels")) {
      if (Upgrade.asked(request)) {
        sockets.upgrade(place, parts[1], request, response, callback);
      } else {
        AppAnswers.text(response, callback, 400, "Can \"Upgrade\" only to \"WebSocket\".");
      }
      return true;
    }
    if (path.startsWith(CONTENTS) && path.endsWith(".ipynb")) {
      opening(place, path.substring(CONTENTS.length()), request, response);
      return false;
    }
    WireRequest asked = Exchange.request(request);
    return routes.answer(place, asked, path.replaceAll("/+$", ""))
        .map(answer -> send(answer, request, response, callback)).orElse(false);
  }

  /** A notebook that is opened has all that its cells put out; what is saved need not be written again. */
  private void opening(Place place, String path, Request request, Response response) {
    if (request.getMethod().equals("GET")) {
      kernels.bringUpToDate(place, path);
    } else if (request.getMethod().equals("PUT")) {
      Instant since = clock.instant();
      Request.addCompletionListener(request, failure -> {
        if (failure == null && response.getStatus() / 100 == 2) {
          Thread.ofVirtual().start(() -> kernels.saved(place, path, since));
        }
      });
    }
  }

  private static boolean send(WireResponse answer, Request request, Response response, Callback callback) {
    try {
      Exchange.write(response, answer, request);
      callback.succeeded();
    } catch (IOException clientGone) {
      callback.failed(clientGone);
    }
    return true;
  }

  @Override
  public void close() {
    sockets.close();
    events.close();
  }
}
