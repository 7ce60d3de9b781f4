package dev.atelier.server.apps;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.atelier.jobs.Capacity;
import dev.atelier.jobs.InstanceType;
import dev.atelier.kernel.Fault;
import dev.atelier.models.ServiceModel;
import dev.atelier.models.StringShape;
import dev.atelier.studio.KernelApps;
import dev.atelier.studio.KernelApps.Gateway;
import dev.atelier.studio.NotebookImages.Offer;
import dev.atelier.studio.KernelApps.Place;
import dev.atelier.studio.kernels.Execution;
import dev.atelier.studio.kernels.Kernel;
import dev.atelier.studio.kernels.Kernels;
import dev.atelier.studio.kernels.NotebookSession;
import dev.atelier.studio.kernels.Terminals;
import dev.atelier.usage.Prices;
import dev.atelier.wire.WireRequest;
import dev.atelier.wire.WireResponse;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * {@code /studio-api/}: what Studio's own parts of JupyterLab ask for and AWS has no operation for. Everything that
 * changes something is an operation of SageMaker's, done as the execution role.
 */
final class StudioRoutes {
  /** Types that start in under two minutes on AWS. Source: its developer guide, "Available Studio Instance Types". */
  private static final Set<String> FAST =
      Set.of("ml.t3.medium", "ml.m5.large", "ml.c5.large", "ml.g4dn.xlarge");

  private final Kernels kernels;
  private final Terminals terminals;
  private final KernelApps apps;
  private final RoleCalls roles;
  private final Capacity capacity;

  StudioRoutes(Kernels kernels, Terminals terminals, KernelApps apps, RoleCalls roles, Capacity capacity) {
    this.kernels = kernels;
    this.terminals = terminals;
    this.apps = apps;
    this.roles = roles;
    this.capacity = capacity;
  }

  /** @param path below {@code /studio-api/}, without a slash at its end */
  WireResponse answer(Place place, WireRequest request, String path) {
    String[] parts = path.split("/");
    try {
      return switch (request.method() + " " + parts[0]) {
        case "GET images" -> JsonAnswers.json(200, images(place));
        case "GET instance-types" -> JsonAnswers.json(200, instanceTypes(place));
        case "GET running" -> JsonAnswers.json(200, running(place));
        case "GET scripts" -> JsonAnswers.json(200, scripts(place));
        case "GET repositories" -> JsonAnswers.json(200, apps.repositories(place));
        case "GET kernels" -> executions(place, parts);
        case "DELETE instances" -> stop(place, parts.length == 2
            ? apps.all(place.owner()).stream().filter(app -> app.instanceType().equals(parts[1])).toList() : List.of());
        case "DELETE apps" -> stop(place, parts.length == 3 ? apps.all(place.owner()).stream()
            .filter(app -> app.type().equals(parts[1]) && app.name().equals(parts[2])).toList() : List.of());
        default -> JsonAnswers.missing("Not Found");
      };
    } catch (Fault refused) {
      return JsonAnswers.error(refused.status(), refused.getMessage());
    }
  }

  private ArrayNode images(Place place) {
    ArrayNode images = JsonAnswers.object().putArray("images");
    for (Offer offer : apps.images().known(place)) {
      ObjectNode image = images.addObject().put("imageArn", offer.image().toString());
      offer.version().ifPresent(version -> image.put("imageVersionArn", version.toString()));
      String[] parts = offer.image().resource().split("/");
      image.put("name", parts[parts.length - 1]).put("displayName", offer.displayName()).put("custom", offer.custom())
          .put("gpu", offer.gpu()).put("defaultInstanceType", apps.images().defaultInstanceType(place, offer.named()));
      if (offer.older()) {
        image.put("older", true);
      }
      if (!offer.differences().isEmpty()) {
        image.put("difference", String.join(". ", offer.differences()));
      }
      ArrayNode names = image.putArray("kernels");
      offer.kernels().forEach(kernel -> names.addObject().put("name", kernel.name())
          .put("displayName", kernel.displayName()).put("spec", Kernels.spec(kernel.name(), offer.named())));
    }
    return images;
  }

  private ArrayNode instanceTypes(Place place) {
    Set<String> hidden = apps.hidden(place).instanceTypes();
    ArrayNode types = JsonAnswers.object().putArray("types");
    List<String> offered = names("AppInstanceType");
    List<String> training = names("TrainingInstanceType");
    InstanceType.all().stream().filter(type -> offered.contains(type.name()) && !hidden.contains(type.name()))
        .forEach(type -> {
      ObjectNode told = types.addObject().put("name", type.name()).put("vcpu", type.vcpus())
          .put("memoryGiB", type.memoryGiB()).put("gpus", type.accelerators())
          .put("fastLaunch", FAST.contains(type.name())).put("jobs", training.contains(type.name()))
          .put("pricePerHour", Prices.perHour(type.name()).orElse(null));
      Optional<String> refusal = refusal(type);
      told.put("available", refusal.isEmpty());
      refusal.ifPresent(reason -> told.put("reason", reason));
      capacity.lack(type, 1).ifPresent(lack -> told.put("lack", lack.name().toLowerCase(Locale.ROOT)));
    });
    return types;
  }

  private static List<String> names(String shape) {
    return ServiceModel.load("sagemaker").shape(shape) instanceof StringShape names ? names.values() : List.of();
  }

  private Optional<String> refusal(InstanceType type) {
    try {
      capacity.require(type, 1);
      return capacity.waitsForAccelerators(type, 1)
          ? Optional.of("This machine has no accelerators; it would wait for some.") : Optional.empty();
    } catch (RuntimeException refused) {
      return Optional.of(refused.getMessage());
    }
  }

  private List<Map<String, Object>> scripts(Place place) {
    return apps.scripts(place).stream().map(script -> Map.<String, Object>of("name", script.name(), "arn",
        script.arn().toString(), "default", script.isDefault())).toList();
  }

  /** The document that the panel of what runs shows. */
  ObjectNode running(Place place) {
    List<Gateway> all = apps.all(place.owner());
    Map<String, String> images = apps.images().known(place).stream()
        .collect(Collectors.toMap(offer -> offer.named().toString(), Offer::displayName, (one, other) -> one));
    ObjectNode running = JsonAnswers.object();
    ArrayNode instances = running.putArray("instances");
    Map<String, List<Gateway>> byType = all.stream().filter(app -> !app.status().equals("Failed"))
        .collect(Collectors.groupingBy(Gateway::instanceType, TreeMap::new, Collectors.toList()));
    byType.forEach((type, its) -> {
      ObjectNode instance = instances.addObject().put("instanceType", type)
          .put("status", its.stream().anyMatch(Gateway::ready) ? "InService" : its.getFirst().status())
          .put("since", its.stream().map(Gateway::since).min(java.time.Instant::compareTo).orElseThrow().toString());
      ArrayNode names = instance.putArray("apps");
      its.forEach(app -> names.add(app.name()));
      instance.put("pricePerHour", Prices.perHour(type).orElse(null));
    });
    ArrayNode told = running.putArray("apps");
    all.forEach(app -> {
      ObjectNode one = told.addObject().put("appType", app.type()).put("appName", app.name())
          .put("instanceType", app.instanceType()).put("status", app.status()).put("since", app.since().toString());
      app.image().ifPresent(arn -> one.put("imageArn", arn).put("imageName", images.getOrDefault(arn, arn)));
      app.phase().ifPresent(phase -> one.put("phase", phase));
      app.failureReason().ifPresent(reason -> one.put("failureReason", reason));
    });
    ArrayNode its = running.putArray("kernels");
    List<NotebookSession> sessions = kernels.sessions(place);
    Map<String, String> names = apps.images().known(place).stream().flatMap(offer -> offer.kernels().stream()
            .map(kernel -> Map.entry(Kernels.spec(kernel.name(), offer.named()),
                kernel.displayName() + " (" + offer.displayName() + ")")))
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue, (one, other) -> one));
    kernels.all(place).forEach(kernel -> its.add(running(kernel, sessions, names)));
    ArrayNode shells = running.putArray("terminals");
    terminals.all(place).forEach(each -> shells.addObject().put("name", each.name()).put("appName", each.appName()));
    return running;
  }

  private ObjectNode running(Kernel kernel, List<NotebookSession> sessions, Map<String, String> names) {
    Kernels.Now now = kernels.now(kernel);
    ObjectNode one = JsonAnswers.object().put("id", kernel.id()).put("name", kernel.spec())
        .put("displayName", names.getOrDefault(kernel.spec(), kernel.spec()))
        .put("appName", kernel.appName()).put("instanceType", kernel.instanceType()).put("state", now.execution())
        .put("connections", now.connections()).put("lastActivity", now.activity().toString());
    sessions.stream().filter(session -> session.kernel().equals(kernel.id())).findFirst()
        .ifPresent(session -> one.put("path", session.path()).put("sessionId", session.id()));
    kernel.reason().ifPresent(reason -> one.put("reason", reason));
    return one;
  }

  private WireResponse executions(Place place, String[] parts) {
    Optional<Kernel> kernel = parts.length == 3 && parts[2].equals("executions")
        ? kernels.find(place, parts[1]) : Optional.empty();
    if (kernel.isEmpty()) {
      return JsonAnswers.missing("There is no kernel of that id.");
    }
    ArrayNode all = JsonAnswers.object().putArray("executions");
    for (Execution execution : kernels.executions(kernel.get())) {
      ObjectNode one = all.addObject().put("msgId", execution.message()).put("cellId", execution.cell())
          .put("path", execution.path()).put("started", execution.startedAt().toString());
      execution.finishedAt().ifPresent(at -> one.put("finished", at.toString()));
    }
    return JsonAnswers.json(200, all);
  }

  /** Deletes apps, as far as the execution role may. */
  private WireResponse stop(Place place, List<Gateway> chosen) {
    if (chosen.isEmpty()) {
      return JsonAnswers.missing("Nothing of that name runs.");
    }
    for (Gateway app : chosen) {
      roles.perform(place, "DeleteApp", place.naming(app.type(), app.name()));
    }
    return JsonAnswers.nothing();
  }
}
