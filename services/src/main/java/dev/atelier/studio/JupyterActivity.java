package dev.atelier.studio;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.atelier.compute.WorkloadId;
import dev.atelier.entry.ProgramProbe;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Asks an app's JupyterLab for its kernels and terminals. */
final class JupyterActivity implements Function<App, Optional<List<Idleness.Used>>> {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final ProgramProbe probe;
  private final Function<WorkloadId, String> tokens;

  JupyterActivity(ProgramProbe probe, Function<WorkloadId, String> tokens) {
    this.probe = probe;
    this.tokens = tokens;
  }

  /** Empty when the program does not answer. */
  @Override
  public Optional<List<Idleness.Used>> apply(App app) {
    Optional<JsonNode> kernels = ask(app, "kernels");
    Optional<JsonNode> terminals = ask(app, "terminals");
    if (kernels.isEmpty() || terminals.isEmpty()) {
      return Optional.empty();
    }
    Map<String, String> paths = new HashMap<>();
    ask(app, "sessions").ifPresent(sessions -> sessions.forEach(session ->
        paths.put(session.path("kernel").path("id").asText(), session.path("path").asText())));
    List<Idleness.Used> used = new ArrayList<>();
    for (JsonNode kernel : kernels.get()) {
      String path = paths.getOrDefault(kernel.path("id").asText(), "");
      // a kernel that starts, restarts or that nobody is connected to yet may say so for long: only work counts
      used.add(new Idleness.Used(path.isEmpty() ? "A kernel" : "The kernel of " + path,
          kernel.path("execution_state").asText().equals("busy"), at(kernel, app)));
    }
    for (JsonNode terminal : terminals.get()) {
      used.add(new Idleness.Used("The terminal " + terminal.path("name").asText(), false, at(terminal, app)));
    }
    return Optional.of(used);
  }

  private static Instant at(JsonNode of, App app) {
    try {
      return Instant.parse(of.path("last_activity").asText());
    } catch (DateTimeException unknown) {
      return app.createdAt();
    }
  }

  private Optional<JsonNode> ask(App app, String what) {
    WorkloadId id = AppWorkload.id(app);
    return probe.body(id, AppWorkload.HOST, AppKind.of(app).basePath() + "api/" + what, tokens.apply(id))
        .flatMap(body -> {
          try {
            return Optional.of(JSON.readTree(body)).filter(JsonNode::isArray);
          } catch (IOException e) {
            return Optional.empty();
          }
        });
  }
}
