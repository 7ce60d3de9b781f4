package dev.atelier.server.apps;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.atelier.studio.KernelApps.Place;
import dev.atelier.studio.sharing.Checkout;
import dev.atelier.studio.sharing.Snapshot;
import dev.atelier.studio.sharing.Snapshots;
import dev.atelier.wire.WireRequest;
import dev.atelier.wire.WireResponse;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;

/** {@code /studio-api/snapshots}: notebooks that are shared by link. */
public final class SnapshotRoutes implements StudioSide.Part {
  private final Snapshots snapshots;
  private final Supplier<String> console;

  /** @param console the console's origin, where a link leads whoever opens it to his own Studio */
  public SnapshotRoutes(Snapshots snapshots, Supplier<String> console) {
    this.snapshots = snapshots;
    this.console = console;
  }

  @Override
  public WireResponse answer(Place place, WireRequest request, String path) {
    String[] parts = path.split("/");
    return switch (request.method() + " " + parts.length + (parts.length == 2 ? parts[1] : "")) {
      case "POST 1" -> path.isEmpty() ? create(place, JsonAnswers.body(request)) : JsonAnswers.missing("Not Found");
      case "GET 1" -> JsonAnswers.json(200, document(place, snapshots.require(place, parts[0])));
      case "POST 2copy" -> JsonAnswers.json(201, JsonAnswers.object()
          .put("path", snapshots.copy(place, snapshots.require(place, parts[0]))));
      default -> JsonAnswers.missing("Not Found");
    };
  }

  private WireResponse create(Place place, ObjectNode asked) {
    Snapshot made = snapshots.create(place, new Snapshots.Wish(asked.path("path").asText(),
        asked.path("includeOutput").asBoolean(), asked.path("includeGit").asBoolean()));
    String url = console.get() + "/studio/snapshots?domain=" + place.domain() + "&id="
        + URLEncoder.encode(made.id(), StandardCharsets.UTF_8) + "&region=" + place.region().name();
    return JsonAnswers.json(201, JsonAnswers.object().put("id", made.id()).put("url", url)
        .put("created", made.createdAt().toString()));
  }

  private ObjectNode document(Place place, Snapshot snapshot) {
    ObjectNode document = JsonAnswers.object().put("id", snapshot.id()).put("name", snapshot.name())
        .put("owner", snapshot.owner()).put("created", snapshot.createdAt().toString());
    snapshot.details().instanceType().ifPresent(value -> document.put("instanceType", value));
    snapshot.details().kernel().ifPresent(value -> document.put("kernel", value));
    snapshot.details().image().ifPresent(value -> document.put("image", value));
    snapshot.details().git().ifPresent(git -> document.set("git", document(git)));
    document.set("notebook", snapshots.notebook(place, snapshot));
    return document;
  }

  private static ObjectNode document(Checkout git) {
    ObjectNode document = JsonAnswers.object().put("branch", git.branch());
    git.remote().ifPresent(value -> document.put("remote", value));
    git.commit().ifPresent(value -> document.put("commit", value));
    return document;
  }
}
