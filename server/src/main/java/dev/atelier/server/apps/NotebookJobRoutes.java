package dev.atelier.server.apps;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.atelier.studio.KernelApps.Place;
import dev.atelier.studio.jobs.Definition;
import dev.atelier.studio.jobs.NotebookJob;
import dev.atelier.studio.jobs.NotebookJobs;
import dev.atelier.studio.jobs.Work;
import dev.atelier.wire.Headers;
import dev.atelier.wire.WireRequest;
import dev.atelier.wire.WireResponse;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** {@code /studio-api/notebook-jobs} and {@code …/notebook-job-definitions}: notebooks that run without anybody. */
public final class NotebookJobRoutes {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final NotebookJobs jobs;

  public NotebookJobRoutes(NotebookJobs jobs) {
    this.jobs = jobs;
  }

  /** Answers below {@code notebook-jobs}. */
  public WireResponse jobs(Place place, WireRequest request, String path) {
    String[] parts = path.split("/");
    if (path.isEmpty()) {
      return switch (request.method()) {
        case "GET" -> listed(jobs.list(place).stream().map(NotebookJobRoutes::document).toList());
        case "POST" -> create(place, JsonAnswers.body(request));
        default -> JsonAnswers.missing("Not Found");
      };
    }
    NotebookJob job = jobs.require(place, parts[0]);
    return switch (request.method() + (parts.length == 2 ? " " + parts[1] : "")) {
      case "GET" -> JsonAnswers.json(200, document(job));
      case "GET output" -> download(jobs.output(place, job), job.result(), "application/x-ipynb+json");
      case "GET log" -> download(jobs.log(place, job), job.log(), "text/plain;charset=utf-8");
      case "POST stop" -> {
        jobs.stop(job);
        yield JsonAnswers.nothing();
      }
      case "DELETE" -> {
        jobs.delete(job);
        yield JsonAnswers.nothing();
      }
      default -> JsonAnswers.missing("Not Found");
    };
  }

  private WireResponse create(Place place, ObjectNode asked) {
    return JsonAnswers.json(201, asked.path("schedule").isNull() || asked.path("schedule").isMissingNode()
        || asked.path("schedule").asText("-").isEmpty() ? document(jobs.run(place, asked))
        : document(jobs.define(place, asked)));
  }

  /** Answers below {@code notebook-job-definitions}. */
  public WireResponse definitions(Place place, WireRequest request, String path) {
    String[] parts = path.split("/");
    if (path.isEmpty()) {
      return request.method().equals("GET")
          ? listed(jobs.definitions(place).stream().map(NotebookJobRoutes::document).toList())
          : JsonAnswers.missing("Not Found");
    }
    Definition definition = jobs.definition(place, parts[0]);
    return switch (request.method() + (parts.length == 2 ? " " + parts[1] : "")) {
      case "GET" -> JsonAnswers.json(200, document(definition));
      case "PUT" -> JsonAnswers.json(200, document(jobs.edit(place, definition, JsonAnswers.body(request))));
      case "POST run" -> JsonAnswers.json(201, document(jobs.run(definition)));
      case "POST pause" -> JsonAnswers.json(200, document(jobs.activate(definition, false)));
      case "POST resume" -> JsonAnswers.json(200, document(jobs.activate(definition, true)));
      case "DELETE" -> {
        jobs.delete(definition);
        yield JsonAnswers.nothing();
      }
      default -> JsonAnswers.missing("Not Found");
    };
  }

  private static WireResponse listed(List<ObjectNode> documents) {
    ArrayNode all = JSON.createArrayNode();
    documents.forEach(all::add);
    return JsonAnswers.json(200, all);
  }

  private static ObjectNode document(NotebookJob job) {
    ObjectNode document = document(job.work()).put("id", job.id()).put("status", job.status().words())
        .put("trainingJobName", job.trainingJob()).put("created", job.createdAt().toString());
    if (!job.definition().isEmpty()) {
      document.put("definition", job.definition());
    }
    if (!job.reason().isEmpty()) {
      document.put("failureReason", job.reason());
    }
    job.startedAt().ifPresent(at -> document.put("started", at.toString()));
    job.endedAt().ifPresent(at -> document.put("ended", at.toString()));
    return document;
  }

  private static ObjectNode document(Definition definition) {
    ObjectNode document = document(definition.work()).put("id", definition.id())
        .put("status", definition.active() ? "Active" : "Paused").put("schedule", definition.schedule())
        .put("created", definition.createdAt().toString()).put("modified", definition.modifiedAt().toString());
    definition.nextAt().ifPresent(at -> document.put("nextRun", at.toString()));
    return document;
  }

  private static ObjectNode document(Work work) {
    return JSON.valueToTree(work);
  }

  /** What a notebook printed is the notebook's, never a page of this host. */
  private static WireResponse download(byte[] content, String name, String type) {
    return new WireResponse(200, Headers.of("Content-Type", type, "Cache-Control", "no-store",
        "Content-Security-Policy", "sandbox", "Content-Disposition", "attachment; filename*=UTF-8''"
            + URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20")), new WireResponse.Bytes(content));
  }
}
