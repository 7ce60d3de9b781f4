package dev.atelier.server.apps;

import dev.atelier.entry.Standing;
import dev.atelier.jobs.Capacity;
import dev.atelier.kernel.Arn;
import dev.atelier.kernel.Fault;
import dev.atelier.server.console.ServiceEndpoint;
import dev.atelier.server.http.Exchange;
import dev.atelier.studio.IdleApps;
import dev.atelier.studio.KernelApps;
import dev.atelier.studio.KernelApps.Place;
import dev.atelier.studio.kernels.Kernels;
import dev.atelier.studio.kernels.Terminals;
import dev.atelier.wire.WireRequest;
import dev.atelier.wire.WireResponse;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * What the server itself answers at the host of Studio's JupyterLab: kernels, terminals inside of images, Studio's own
 * questions, and AWS's services as the app's execution role; at the host of a space's JupyterLab what is asked of the app
 * itself alone. The rest is its program's.
 */
public final class StudioSide implements AppHandler.Own, AutoCloseable {
  private static final String OWN = "/studio-api/";
  private static final String JUPYTER = "/jupyter/default/";
  private static final String CONTENTS = "contents/";
  private static final String TERMINAL = JUPYTER + "terminals/websocket/";

  private final KernelApps apps;
  private final Kernels kernels;
  private final KernelRoutes routes;
  private final KernelSockets sockets;
  private final TerminalRoutes terminals;
  private final StudioRoutes studio;
  private final OwnRoutes own;
  private final Map<String, Part> parts;
  private final RoleCalls roles;
  private final RunningEvents events = new RunningEvents();

  /** Answers what lies below one name at {@code /studio-api/}. */
  @FunctionalInterface
  public interface Part {
    /** @param path what is asked for below the name, without a slash at either end; may be empty */
    WireResponse answer(Place place, WireRequest request, String path);
  }

  /**
   * What is answered for.
   *
   * @param jupyter tells of Jupyter's own terminals
   */
  public record Answers(KernelApps apps, Kernels kernels, Terminals terminals, HomeNotebooks jupyter, IdleApps idle) {}

  /** @param parts by name; other names are kernels' and what runs */
  public StudioSide(Answers answers, RoleCalls roles, Capacity capacity, Map<String, Part> parts,
      OpenSockets open) {
    Kernels kernels = answers.kernels();
    Terminals terminals = answers.terminals();
    KernelApps apps = answers.apps();
    this.apps = apps;
    this.kernels = kernels;
    this.routes = new KernelRoutes(kernels, apps);
    this.sockets = new KernelSockets(kernels, open);
    this.terminals = new TerminalRoutes(terminals, answers.jupyter(), open);
    this.studio = new StudioRoutes(kernels, terminals, apps, roles, capacity);
    this.own = new OwnRoutes(apps, answers.idle());
    this.parts = Map.copyOf(parts);
    this.roles = roles;
    kernels.onChange(events::changed);
    terminals.onChange(events::changed);
  }

  /** @param lasts whether the session that asks still does */
  @Override
  public boolean handle(Standing.Ready app, BooleanSupplier lasts, Request request, Response response, Callback callback) {
    String path = request.getHttpURI().getPath();
    boolean asked = Stream.of(JUPYTER + "api/", TERMINAL, ServiceEndpoint.PATH, OWN).anyMatch(path::startsWith);
    Optional<Place> place = asked ? place(app.program()) : Optional.empty();
    if (place.isEmpty() || !hasKernels(place.get()) && !path.startsWith(OWN)) {
      return false;
    }
    if (path.startsWith(TERMINAL)) {
      return Upgrade.asked(request)
          && terminals.upgrade(place.get(), path.substring(TERMINAL.length()), lasts, request, response, callback);
    }
    if (path.startsWith(JUPYTER + "api/")) {
      return jupyter(place.get(), URLDecoder.decode(path.substring((JUPYTER + "api/").length()).replace("+", "%2B"),
          StandardCharsets.UTF_8), lasts, request, response, callback);
    }
    if (path.startsWith(ServiceEndpoint.PATH)) {
      return send(roles.answer(place.get(), Exchange.request(request)), request, response, callback);
    }
    return send(own(app, place.get(), Exchange.request(request), lasts,
        URLDecoder.decode(path.substring(OWN.length()).replace("+", "%2B"), StandardCharsets.UTF_8)
            .replaceAll("/+$", "")), request, response, callback);
  }

  private WireResponse answer(Place place, WireRequest request, String path) {
    String[] names = path.split("/", 2);
    Part part = parts.get(names[0]);
    if (part == null) {
      return studio.answer(place, request, path);
    }
    try {
      return part.answer(place, request, names.length == 1 ? "" : names[1]);
    } catch (Fault refused) {
      return JsonAnswers.refusal(refused);
    }
  }

  private WireResponse own(Standing.Ready app, Place place, WireRequest request, BooleanSupplier lasts, String path) {
    return own.answer(app, place, request, path).orElseGet(() -> !hasKernels(place) ? JsonAnswers.missing("Not Found")
        : path.equals("events") ? events.answer(place.owner(), () -> studio.running(place), lasts)
        : answer(place, request, path));
  }

  private Optional<Place> place(Arn app) {
    return app.resource().startsWith("app/") ? apps.place(app) : Optional.empty();
  }

  /** Whether kernels and terminals of an app with pages are kept here; a space's JupyterLab has its own beside it. */
  static boolean hasKernels(Place place) {
    return place.appType().equals("JupyterServer");
  }

  /** @param path below {@code api/}, decoded */
  private boolean jupyter(Place place, String path, BooleanSupplier lasts, Request request, Response response,
      Callback callback) {
    String[] parts = path.split("/");
    if (parts.length == 0) {
      return false;
    }
    if (parts.length == 3 && parts[0].equals("kernels") && parts[2].equals("channels")) {
      if (Upgrade.asked(request)) {
        sockets.upgrade(place, parts[1], lasts, request, response, callback);
      } else {
        AppAnswers.text(response, callback, 400, "Can \"Upgrade\" only to \"WebSocket\".");
      }
      return true;
    }
    if (path.startsWith(CONTENTS) && path.endsWith(".ipynb")) {
      opening(place, path.substring(CONTENTS.length()), request, response);
      return false;
    }
    if (parts[0].equals("terminals")) {
      return terminals.answer(place, request, List.of(parts).subList(1, parts.length))
          .map(answer -> send(answer, request, response, callback)).orElse(false);
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
      Runnable saved = kernels.saving(place, path);
      Request.addCompletionListener(request, failure -> {
        if (failure == null && response.getStatus() / 100 == 2) {
          Thread.ofVirtual().start(saved);
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
    events.close();
  }
}
