package dev.atelier.server.apps;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.atelier.compute.ComputeBackend;
import dev.atelier.compute.WorkloadId;
import dev.atelier.kernel.Arn;
import dev.atelier.studio.KernelApps;
import dev.atelier.studio.KernelApps.Gateway;
import dev.atelier.studio.kernels.NotebookFiles;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.eclipse.jetty.client.BytesRequestContent;
import org.eclipse.jetty.client.BufferingResponseListener;
import org.eclipse.jetty.client.ContentResponse;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.client.CompletableResponseListener;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.io.Transport;

/** What the Jupyter server tells that runs over a home: its notebooks, by its contents API, and its own terminals. */
public final class HomeNotebooks implements NotebookFiles, TerminalRoutes.JupyterList, AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int LONGEST = 256 << 20;
  private static final long PATIENCE_SECONDS = 60;

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
    Optional<Gateway> app = pages.apply(owner);
    if (app.isEmpty()) {
      return Optional.empty();
    }
    ContentResponse answer = send(request(app.get(), path, "?type=notebook&content=1"));
    JsonNode content = answer.getStatus() == 200 ? JSON.readTree(answer.getContent()).path("content")
        : JSON.missingNode();
    return content instanceof ObjectNode notebook ? Optional.of(notebook) : Optional.empty();
  }

  @Override
  public void write(Arn owner, String path, ObjectNode notebook) throws IOException {
    Gateway app = pages.apply(owner).orElseThrow(() -> new IOException("no Jupyter server runs over the home"));
    ObjectNode model = JSON.createObjectNode().put("type", "notebook").put("format", "json");
    model.set("content", notebook);
    ContentResponse answer = send(request(app, path, "").method(HttpMethod.PUT)
        .body(new BytesRequestContent("application/json", JSON.writeValueAsBytes(model))));
    if (answer.getStatus() >= 300) {
      throw new IOException("the notebook was refused with status " + answer.getStatus());
    }
  }

  @Override
  public List<JsonNode> terminals(Arn owner) throws IOException {
    Optional<Gateway> app = pages.apply(owner);
    if (app.isEmpty()) {
      return List.of();
    }
    ContentResponse answer = send(request(app.get(), "terminals"));
    List<JsonNode> terminals = new ArrayList<>();
    (answer.getStatus() == 200 ? JSON.readTree(answer.getContent()) : JSON.createArrayNode()).forEach(terminals::add);
    return terminals;
  }

  private Request request(Gateway app, String path, String query) {
    String encoded = Arrays.stream(path.split("/"))
        .map(part -> URLEncoder.encode(part, StandardCharsets.UTF_8).replace("+", "%20"))
        .collect(Collectors.joining("/"));
    return request(app, "contents/" + encoded + query);
  }

  private Request request(Gateway app, String path) {
    return client.newRequest("http://home.invalid" + app.basePath() + "api/" + path)
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
      throw new IOException("the Jupyter server does not answer: " + e.getMessage(), e);
    }
  }

  @Override
  public void close() throws Exception {
    client.stop();
  }
}
