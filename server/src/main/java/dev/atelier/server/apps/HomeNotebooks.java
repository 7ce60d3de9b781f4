package dev.atelier.server.apps;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.atelier.compute.ComputeBackend;
import dev.atelier.compute.WorkloadId;
import dev.atelier.jupyter.JupyterJson;
import dev.atelier.kernel.Arn;
import dev.atelier.studio.KernelApps;
import dev.atelier.studio.KernelApps.Gateway;
import dev.atelier.studio.sharing.Checkout;
import dev.atelier.studio.sharing.HomeFiles;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.eclipse.jetty.client.BytesRequestContent;
import org.eclipse.jetty.client.ContentResponse;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.client.CompletableResponseListener;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Transport;

/**
 * What the Jupyter server tells that runs over a home: its files, by its contents API, what its Git extension knows of
 * them, and its own terminals.
 */
public final class HomeNotebooks implements HomeFiles, TerminalRoutes.JupyterList, AutoCloseable {
  private static final ObjectMapper JSON = JupyterJson.mapper();
  private static final int LONGEST = 64 << 20;
  private static final long PATIENCE_SECONDS = 60;
  private static final int MOST_COPIES = 1_000;
  private static final int MOST_CHANGES = 5;
  private static final String MODIFIED = "last_modified";

  private final HttpClient client = new HttpClient();
  private final Function<Arn, Optional<Gateway>> pages;
  private final ComputeBackend backend;
  private final Function<WorkloadId, String> tokens;

  /** @param pages the app with pages of an owner, when it runs. @param tokens what its program takes as proof */
  public HomeNotebooks(Function<Arn, Optional<Gateway>> pages, ComputeBackend backend,
      Function<WorkloadId, String> tokens) throws Exception {
    this.pages = pages;
    this.backend = backend;
    this.tokens = tokens;
    client.start();
  }

  @Override
  public Optional<ObjectNode> read(Arn owner, String path) throws IOException {
    return model(owner, path, "notebook").map(model -> model.path("content")).filter(ObjectNode.class::isInstance)
        .map(ObjectNode.class::cast);
  }

  @Override
  public Optional<String> text(Arn owner, String path) throws IOException {
    return model(owner, path, "file").map(model -> model.path("content")).filter(JsonNode::isTextual)
        .map(JsonNode::asText);
  }

  private Optional<JsonNode> model(Arn owner, String path, String type) throws IOException {
    Optional<Gateway> app = pages.apply(owner);
    if (app.isEmpty()) {
      return Optional.empty();
    }
    if (size(app.get(), path).orElse(0) > LONGEST) {
      // Jupyter itself would read it as a whole
      return Optional.empty();
    }
    ContentResponse answer = send(contents(app.get(), path, "?content=1&type=" + type
        + (type.equals("file") ? "&format=text" : "")));
    return answer.getStatus() == 200 ? Optional.of(JSON.readTree(answer.getContent())) : Optional.empty();
  }

  @Override
  public OptionalLong size(Arn owner, String path) throws IOException {
    return size(running(owner), path);
  }

  /** What is told of a file beside its content; missing when there is none. */
  private static JsonNode about(ContentResponse answer) throws IOException {
    return answer.getStatus() == 200 ? JSON.readTree(answer.getContent()) : JSON.missingNode();
  }

  private OptionalLong size(Gateway app, String path) throws IOException {
    JsonNode size = about(send(contents(app, path, "?content=0"))).path("size");
    return size.isIntegralNumber() ? OptionalLong.of(size.asLong()) : OptionalLong.empty();
  }

  @Override
  public boolean change(Arn owner, String path, Predicate<ObjectNode> change) throws IOException {
    for (int i = 0; i < MOST_CHANGES; i++) {
      Optional<JsonNode> model = model(owner, path, "notebook");
      if (model.isEmpty() || !(model.get().path("content") instanceof ObjectNode notebook)) {
        return false;
      }
      if (!change.test(notebook)) {
        return true;
      }
      // Jupyter's server replaces a file whatever it has become: what is left is the time of two requests
      Gateway app = running(owner);
      if (about(send(contents(app, path, "?content=0"))).path(MODIFIED).equals(model.get().path(MODIFIED))) {
        put(app, path, notebook);
        return true;
      }
    }
    throw new IOException("the notebook is saved all the time");
  }

  private void put(Gateway app, String path, ObjectNode notebook) throws IOException {
    ObjectNode model = JSON.createObjectNode().put("type", "notebook").put("format", "json");
    model.set("content", notebook);
    require(send(with(contents(app, path, "").method(HttpMethod.PUT), model)));
  }

  @Override
  public String add(Arn owner, String name, ObjectNode notebook) throws IOException {
    Gateway app = running(owner);
    // a new file of Jupyter's choice takes nobody's place, and neither does one that is renamed
    String made = require(send(with(contents(app, "", "").method(HttpMethod.POST),
        JSON.createObjectNode().put("type", "notebook")))).path("path").asText();
    try {
      put(app, made, notebook);
      String stem = name.substring(0, name.lastIndexOf('.'));
      for (int copy = 0; copy < MOST_COPIES; copy++) {
        String wanted = copy == 0 ? name : stem + "-Copy" + copy + ".ipynb";
        ContentResponse answer = send(with(contents(app, made, "").method(HttpMethod.PATCH),
            JSON.createObjectNode().put("path", wanted)));
        if (answer.getStatus() != HttpStatus.CONFLICT_409) {
          return require(answer).path("path").asText();
        }
      }
      throw new IOException("there are too many copies of it");
    } catch (IOException e) {
      send(contents(app, made, "").method(HttpMethod.DELETE));
      throw e;
    }
  }

  @Override
  public List<JsonNode> terminals(Arn owner) throws IOException {
    Optional<Gateway> app = pages.apply(owner);
    if (app.isEmpty()) {
      return List.of();
    }
    ContentResponse answer = send(request(app.get(), app.get().basePath() + "api/terminals"));
    List<JsonNode> terminals = new ArrayList<>();
    (answer.getStatus() == 200 ? JSON.readTree(answer.getContent()) : JSON.createArrayNode()).forEach(terminals::add);
    return terminals;
  }

  @Override
  public Optional<Checkout> checkout(Arn owner, String folder) throws IOException {
    Gateway app = running(owner);
    String base = app.basePath() + "git/" + encoded(folder) + (folder.isEmpty() ? "" : "/");
    ContentResponse branches = send(with(request(app, base + "branch").method(HttpMethod.POST), JSON.createObjectNode()));
    if (branches.getStatus() != 200) {
      return Optional.empty();
    }
    JsonNode branch = JSON.readTree(branches.getContent()).path("current_branch");
    String upstream = branch.path("upstream").asText("").replaceFirst("/.*", "");
    ContentResponse shown = send(request(app, base + "remote/show"));
    Map<String, String> remotes = new LinkedHashMap<>();
    if (shown.getStatus() == 200) {
      JSON.readTree(shown.getContent()).path("remotes")
          .forEach(remote -> remotes.putIfAbsent(remote.path("name").asText(), remote.path("url").asText()));
    }
    return Optional.of(Checkout.of(Stream.concat(Stream.of(upstream, "origin"), remotes.keySet().stream())
            .map(remotes::get).filter(Objects::nonNull).findFirst(),
        branch.path("name").asText(), Optional.ofNullable(branch.path("top_commit").asText(null))));
  }

  private Gateway running(Arn owner) throws IOException {
    return pages.apply(owner).orElseThrow(() -> new IOException("no Jupyter server runs over the home"));
  }

  private static Request with(Request request, ObjectNode body) throws IOException {
    return request.body(new BytesRequestContent("application/json", JSON.writeValueAsBytes(body)));
  }

  /** The content of an answer that is no refusal. */
  private static JsonNode require(ContentResponse answer) throws IOException {
    if (answer.getStatus() >= 300) {
      throw new IOException("the Jupyter server refused it with status " + answer.getStatus());
    }
    return JSON.readTree(answer.getContent());
  }

  private Request contents(Gateway app, String path, String query) {
    return request(app, app.basePath() + "api/contents/" + encoded(path) + query);
  }

  private static String encoded(String path) {
    return Arrays.stream(path.split("/"))
        .map(part -> URLEncoder.encode(part, StandardCharsets.UTF_8).replace("+", "%20"))
        .collect(Collectors.joining("/"));
  }

  private Request request(Gateway app, String target) {
    return client.newRequest("http://home.invalid" + target)
        .timeout(PATIENCE_SECONDS, TimeUnit.SECONDS)
        .transport(new Transport.TCPUnix(backend.serviceSocket(app.workload(), KernelApps.host())))
        .headers(headers -> headers.put(HttpHeader.AUTHORIZATION, "token " + tokens.apply(app.workload())));
  }

  private static ContentResponse send(Request request) throws IOException {
    try {
      return new CompletableResponseListener(request, LONGEST).send().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("the server is being stopped", e);
    } catch (ExecutionException | TimeoutException e) {
      throw new IOException("JupyterLab did not answer; try again in a few seconds", e);
    }
  }

  @Override
  public void close() throws Exception {
    client.stop();
  }
}
