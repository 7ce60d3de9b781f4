package dev.atelier.server.apps;

import dev.atelier.compute.HostUsage;
import dev.atelier.entry.Standing;
import dev.atelier.kernel.Arn;
import dev.atelier.kernel.Fault;
import dev.atelier.server.console.IdleAnswers;
import dev.atelier.studio.IdleApps;
import dev.atelier.studio.KernelApps;
import dev.atelier.studio.KernelApps.Gateway;
import dev.atelier.studio.KernelApps.Place;
import dev.atelier.wire.WireRequest;
import dev.atelier.wire.WireResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * {@code /studio-api/}, as far as an app with pages is asked about itself: who is signed in, what it and its owner's
 * instances use, and when it will be ended because nobody uses it.
 */
final class OwnRoutes {
  private static final String APP = "appName=";
  private static final String INSTANCE = "instanceType=";

  private final KernelApps apps;
  private final IdleApps idle;

  OwnRoutes(KernelApps apps, IdleApps idle) {
    this.apps = apps;
    this.idle = idle;
  }

  /**
   * Answers a request.
   *
   * @param path below {@code /studio-api/}
   * @return empty when it is none of these
   */
  Optional<WireResponse> answer(Standing.Ready app, Place place, WireRequest request, String path) {
    try {
      return switch (request.method() + " " + path) {
        case "GET me" -> Optional.of(JsonAnswers.json(200, me(app, place)));
        case "GET usage" -> Optional.of(usage(place, request.rawQuery()));
        case "GET idle" -> Optional.of(JsonAnswers.json(200, idle.outlook(place.app()).map(IdleAnswers::told)
            .orElse(Map.of("reasons", List.of()))));
        case "POST idle" -> Optional.of(keep(place, request));
        default -> Optional.empty();
      };
    } catch (Fault refused) {
      return Optional.of(JsonAnswers.error(refused.status(), refused.getMessage()));
    }
  }

  private Map<String, Object> me(Standing.Ready app, Place place) {
    Map<String, Object> me = new LinkedHashMap<>();
    me.put("domainId", place.domain());
    app.person().or(place::userProfile).ifPresent(name -> me.put("userProfileName", name));
    place.space().ifPresent(name -> me.put("spaceName", name));
    me.put("region", place.region().name());
    me.put("account", place.account().value());
    me.put("executionRole", place.role().map(Arn::toString).orElse(""));
    me.put("appType", place.appType());
    me.put("hiddenTools", apps.hidden(place).tools());
    me.put("imageTerminals", StudioSide.hasKernels(place));
    me.put("sharesOutputs", apps.sharing(place).outputs());
    return me;
  }

  /**
   * What the app itself uses, another one of the owner's, or all on an instance; cpuSeconds only grows while the same
   * apps run, so that two answers tell the load between them.
   */
  private WireResponse usage(Place place, String query) {
    List<HostUsage> used = apps.all(place.owner()).stream().filter(each -> chosen(place, each, query))
        .map(each -> apps.usage(each.arn())).flatMap(Optional::stream).toList();
    if (used.isEmpty()) {
      return JsonAnswers.missing("Nothing of that name runs.");
    }
    // all apps of an instance have its limits together
    return JsonAnswers.json(200, JsonAnswers.object()
        .put("memoryBytes", used.stream().mapToLong(HostUsage::memoryBytes).sum())
        .put("memoryLimitBytes", used.getFirst().limits().memoryBytes())
        .put("cpuSeconds", used.stream().map(HostUsage::cpuTime).reduce(Duration.ZERO, Duration::plus).toMillis() / 1_000.0)
        .put("cpus", used.getFirst().limits().cpus()));
  }

  private static boolean chosen(Place place, Gateway app, String query) {
    return query.isEmpty() ? app.arn().equals(place.app())
        : query.equals(APP + app.name()) || query.equals(INSTANCE + app.instanceType());
  }

  /** Whoever is signed in may keep it, as they could by using it. */
  private WireResponse keep(Place place, WireRequest request) {
    Instant until = idle.keep(place.app(), IdleAnswers.time(JsonAnswers.body(request)))
        .orElseThrow(() -> new Fault("NotFound", 404, "The app does not run."));
    return JsonAnswers.json(200, Map.of("until", until.toString()));
  }
}
