package dev.atelier.server.apps;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.atelier.kernel.Fault;
import dev.atelier.studio.KernelApps;
import dev.atelier.studio.NotebookImages;
import dev.atelier.studio.NotebookImages.Offer;
import dev.atelier.studio.KernelApps.Place;
import dev.atelier.studio.kernels.Kernel;
import dev.atelier.studio.kernels.Kernels;
import dev.atelier.studio.kernels.NotebookSession;
import dev.atelier.wire.WireRequest;
import dev.atelier.wire.WireResponse;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Jupyter's REST API of kernels, kernelspecs and sessions, answered in its server's place. Source: jupyter_server's
 * {@code api.yaml}. A kernel has besides {@code instance_type, image_arn, app_name, app_status, phase, reason}.
 */
final class KernelRoutes {
  /** Jupyter's gateway clients take times with microseconds alone. */
  private static final DateTimeFormatter JUPYTER_TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

  /** The names of variables that a client may give a kernel, which go before the image's own. */
  private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
  private static final int MOST_VARIABLES = 64;
  private static final int LOCKS = 256;

  private final Kernels kernels;
  private final KernelApps apps;
  /** Who asks twice at once for a document's session gets one; owners share them by chance. */
  private final List<ReentrantLock> beginning = Stream.generate(ReentrantLock::new).limit(LOCKS).toList();

  KernelRoutes(Kernels kernels, KernelApps apps) {
    this.kernels = kernels;
    this.apps = apps;
  }

  /**
   * Answers a request.
   *
   * @param path below {@code api/}, decoded, without slashes at its ends
   * @return empty when it is none of these
   */
  Optional<WireResponse> answer(Place place, WireRequest request, String path) {
    String[] parts = path.split("/");
    try {
      return switch (parts[0]) {
        case "kernelspecs" -> Optional.of(specs(place, parts));
        case "kernels" -> Optional.of(kernels(place, request, parts));
        case "sessions" -> Optional.of(sessions(place, request, parts));
        default -> Optional.empty();
      };
    } catch (Fault refused) {
      return Optional.of(JsonAnswers.error(refused.status(), refused.getMessage()));
    }
  }

  // --- kernelspecs ----------------------------------------------------------------------------------------------

  private WireResponse specs(Place place, String[] parts) {
    ObjectNode specs = JsonAnswers.object();
    String first = "";
    for (Offer offer : apps.images().known(place)) {
      for (NotebookImages.KernelName kernel : offer.kernels()) {
        String name = Kernels.spec(kernel.name(), offer.named());
        first = first.isEmpty() ? name : first;
        specs.set(name, spec(name, kernel, offer));
      }
    }
    if (parts.length == 1) {
      ObjectNode all = JsonAnswers.object().put("default", first);
      all.set("kernelspecs", specs);
      return JsonAnswers.json(200, all);
    }
    String asked = String.join("/", List.of(parts).subList(1, parts.length));
    return specs.has(asked) ? JsonAnswers.json(200, specs.get(asked))
        : JsonAnswers.missing("There is no kernel " + asked + ".");
  }

  private static ObjectNode spec(String name, NotebookImages.KernelName kernel, Offer offer) {
    ObjectNode model = JsonAnswers.object().put("name", name);
    ObjectNode spec = model.putObject("spec");
    spec.putArray("argv");
    spec.put("display_name", kernel.displayName() + " (" + offer.displayName() + ")");
    spec.put("language", "python").put("interrupt_mode", "signal");
    spec.putObject("env");
    ObjectNode metadata = spec.putObject("metadata");
    metadata.put("debugger", true);
    metadata.putObject("atelier").put("imageArn", offer.named().toString()).put("imageName", offer.displayName())
        .put("gpu", offer.gpu()).put("kernel", kernel.name());
    model.putObject("resources");
    return model;
  }

  // --- kernels --------------------------------------------------------------------------------------------------

  private WireResponse kernels(Place place, WireRequest request, String[] parts) {
    String method = request.method();
    if (parts.length == 1) {
      if (method.equals("POST")) {
        return JsonAnswers.json(201, model(create(place, JsonAnswers.body(request), "")));
      }
      ArrayNode all = JsonAnswers.object().putArray("all");
      kernels.all(place).forEach(kernel -> all.add(model(kernel)));
      return JsonAnswers.json(200, all);
    }
    Optional<Kernel> found = kernels.find(place, parts[1]);
    if (found.isEmpty()) {
      return JsonAnswers.missing("Kernel does not exist: " + parts[1]);
    }
    if (parts.length == 2) {
      if (method.equals("DELETE")) {
        kernels.shutDown(found.get());
        return JsonAnswers.nothing();
      }
      return JsonAnswers.json(200, model(found.get()));
    }
    if (!method.equals("POST")) {
      return JsonAnswers.error(405, "Method Not Allowed");
    }
    switch (parts[2]) {
      case "interrupt" -> {
        kernels.interrupt(found.get());
        return JsonAnswers.nothing();
      }
      case "restart" -> {
        kernels.restart(place, found.get());
        return JsonAnswers.json(200, model(kernels.find(place, parts[1]).orElse(found.get())));
      }
      default -> {
        return JsonAnswers.missing("Not Found");
      }
    }
  }

  /** @param wanted the path of the session's document, when the request names none */
  private Kernel create(Place place, JsonNode asked, String wanted) {
    String name = asked.path("name").asText("");
    if (name.isEmpty()) {
      name = apps.images().offers(place).getFirst().kernels().getFirst().name();
    }
    Map<String, String> environment = new HashMap<>();
    asked.path("env").properties().stream().filter(each -> VARIABLE.matcher(each.getKey()).matches())
        .limit(MOST_VARIABLES).forEach(each -> environment.put(each.getKey(), each.getValue().asText()));
    Optional<String> type = Optional.of(asked.path("instance_type").asText("")).filter(text -> !text.isEmpty())
        .or(() -> Optional.ofNullable(environment.remove("KERNEL_INSTANCE_TYPE")));
    Optional<String> script = Optional.of(asked.path("lcc_arn").asText("")).filter(text -> !text.isEmpty());
    return kernels.create(place, new Kernels.Wish(name, asked.path("path").asText(wanted), type, script, environment));
  }

  ObjectNode model(Kernel kernel) {
    Kernels.Now now = kernels.now(kernel);
    ObjectNode model = JsonAnswers.object().put("id", kernel.id()).put("name", kernel.spec())
        .put("last_activity", JUPYTER_TIME.format(now.activity())).put("execution_state", now.execution())
        .put("connections", now.connections()).put("instance_type", kernel.instanceType())
        .put("image_arn", kernel.image()).put("app_name", kernel.appName());
    now.app().ifPresent(app -> {
      model.put("app_status", app.status());
      app.phase().ifPresent(phase -> model.put("phase", phase));
    });
    kernel.reason().or(() -> now.app().flatMap(KernelApps.Gateway::failureReason))
        .ifPresent(reason -> model.put("reason", reason));
    return model;
  }

  // --- sessions -------------------------------------------------------------------------------------------------

  private WireResponse sessions(Place place, WireRequest request, String[] parts) {
    String method = request.method();
    if (parts.length == 1) {
      if (method.equals("POST")) {
        return begin(place, JsonAnswers.body(request));
      }
      ArrayNode all = JsonAnswers.object().putArray("all");
      kernels.sessions(place).forEach(session -> model(place, session).ifPresent(all::add));
      return JsonAnswers.json(200, all);
    }
    Optional<NotebookSession> found = kernels.session(place, parts[1]);
    if (found.isEmpty()) {
      return JsonAnswers.missing("Session not found: session_id='" + parts[1] + "'");
    }
    return switch (method) {
      case "DELETE" -> {
        kernels.end(place, found.get());
        yield JsonAnswers.nothing();
      }
      case "PATCH" -> change(place, found.get(), JsonAnswers.body(request));
      default -> told(place, found.get(), 200);
    };
  }

  private WireResponse told(Place place, NotebookSession session, int status) {
    return model(place, session).map(model -> JsonAnswers.json(status, model))
        .orElseGet(() -> JsonAnswers.missing("The session's kernel is gone."));
  }

  private WireResponse begin(Place place, ObjectNode asked) {
    String path = asked.path("path").asText(asked.path("notebook").path("path").asText(""));
    String type = asked.path("type").asText("notebook");
    if (path.isEmpty()) {
      return JsonAnswers.error(400, "Missing field in JSON data: path");
    }
    ReentrantLock one = beginning.get(Math.floorMod(place.owner().hashCode(), beginning.size()));
    one.lock();
    try {
      return begin(place, asked, path, type);
    } finally {
      one.unlock();
    }
  }

  private WireResponse begin(Place place, ObjectNode asked, String path, String type) {
    for (NotebookSession present : kernels.sessions(place)) {
      if (present.path().equals(path) && present.type().equals(type)
          && kernels.find(place, present.kernel()).filter(kernel -> kernel.state() != Kernel.State.DEAD).isPresent()) {
        return told(place, present, 201);
      }
    }
    Kernel kernel = kernel(place, asked.path("kernel"), document(path, asked.path("name").asText("")));
    NotebookSession session = new NotebookSession(UUID.randomUUID().toString(), place.owner(), path,
        asked.path("name").asText(""), type, kernel.id());
    kernels.add(session);
    return told(place, session, 201);
  }

  /** JupyterLab begins a session under a path of its own beside the notebook, and says the notebook's name. */
  private static String document(String path, String name) {
    return path.endsWith(".ipynb") || !name.endsWith(".ipynb") || name.contains("/") ? path
        : path.substring(0, path.lastIndexOf('/') + 1) + name;
  }

  private Kernel kernel(Place place, JsonNode asked, String path) {
    String id = asked.path("id").asText("");
    return id.isEmpty() ? create(place, asked, path) : kernels.find(place, id)
        .orElseThrow(() -> Fault.validation("Kernel does not exist: " + id));
  }

  private WireResponse change(Place place, NotebookSession before, ObjectNode asked) {
    String path = asked.path("path").asText(before.path());
    JsonNode wanted = asked.path("kernel");
    String kernel = wanted.hasNonNull("id") && !wanted.get("id").asText().isEmpty() || wanted.hasNonNull("name")
        ? kernel(place, wanted, path).id() : before.kernel();
    NotebookSession after = new NotebookSession(before.id(), before.owner(), path,
        asked.path("name").asText(before.name()), asked.path("type").asText(before.type()), kernel);
    kernels.change(place, before, after);
    return told(place, after, 200);
  }

  private Optional<ObjectNode> model(Place place, NotebookSession session) {
    return kernels.find(place, session.kernel()).map(kernel -> {
      ObjectNode model = JsonAnswers.object().put("id", session.id()).put("path", session.path())
          .put("name", session.name()).put("type", session.type());
      model.set("kernel", model(kernel));
      if (session.type().equals("notebook")) {
        model.putObject("notebook").put("path", session.path()).put("name", session.name());
      }
      return model;
    });
  }
}
