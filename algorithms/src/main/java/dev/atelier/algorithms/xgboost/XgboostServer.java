package dev.atelier.algorithms.xgboost;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.atelier.algorithms.AlgorithmLog;
import dev.atelier.algorithms.MlFolder;
import dev.atelier.algorithms.UserError;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** The hosting contract over one model: {@code /ping}, {@code /execution-parameters} and {@code /invocations}. */
public final class XgboostServer implements AutoCloseable {
  private static final List<String> ACCEPTED = List.of("application/json", "application/jsonlines", "text/csv");
  private static final int MEBIBYTE = 1 << 20;

  private final HttpServer http;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final XgboostModel model;
  private final AlgorithmLog log;
  private final long largestBody;
  private final boolean batch;
  private final String defaultAccept;
  private final Optional<SelectedContent> selection;

  private XgboostServer(HttpServer http, XgboostModel model, AlgorithmLog log, Map<String, String> environment) {
    this.http = http;
    this.model = model;
    this.log = log;
    this.largestBody = largestBody(environment);
    this.batch = environment.containsKey("SAGEMAKER_BATCH");
    this.defaultAccept = environment.getOrDefault("SAGEMAKER_DEFAULT_INVOCATIONS_ACCEPT", "text/csv");
    this.selection = Optional.ofNullable(environment.get("SAGEMAKER_INFERENCE_OUTPUT"))
        .map(keys -> SelectedContent.of(keys, model.facts()));
  }

  /** Loads the model, then listens: whoever gets an answer from {@code /ping} can get predictions. */
  public static XgboostServer start(MlFolder folder, AlgorithmLog log, Map<String, String> environment)
      throws IOException {
    XgboostModel model = XgboostModel.load(folder.model(),
        environment.getOrDefault("SAGEMAKER_INFERENCE_ENSEMBLE", "true").equals("true"));
    log.info("Model objective : " + model.facts().objective());
    int port = Integer.parseInt(environment.getOrDefault("SAGEMAKER_BIND_TO_PORT", "8080"));
    HttpServer http = HttpServer.create(new InetSocketAddress(port), 1024);
    XgboostServer server = new XgboostServer(http, model, log, environment);
    http.setExecutor(server.threads);
    http.createContext("/", server::handle);
    http.start();
    log.info("Model loaded successfully; listening on port " + server.port());
    return server;
  }

  private static long largestBody(Map<String, String> environment) {
    long configured = Long.parseLong(environment.getOrDefault("MAX_CONTENT_LENGTH", "6291456"));
    long mebibytes = Long.parseLong(environment.getOrDefault("SAGEMAKER_MAX_PAYLOAD_IN_MB", "6"));
    // Zero means no limit in batch transform; a body must still fit into one array.
    return mebibytes == 0 ? Integer.MAX_VALUE - 16 : Math.max(configured, mebibytes * MEBIBYTE);
  }

  /** The port, which the system chose when zero was asked for. */
  public int port() {
    return http.getAddress().getPort();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      switch (exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath()) {
        case "GET /ping" -> answer(exchange, 200, "text/html; charset=utf-8", "");
        case "GET /execution-parameters" -> answer(exchange, 200, "application/json",
            "{\"MaxConcurrentTransforms\": " + Runtime.getRuntime().availableProcessors()
                + ", \"BatchStrategy\": \"MULTI_RECORD\", \"MaxPayloadInMB\": " + largestBody / MEBIBYTE + "}");
        case "POST /invocations" -> invoke(exchange);
        default -> answer(exchange, 404, "text/plain", "Not Found");
      }
    }
  }

  private void invoke(HttpExchange exchange) throws IOException {
    try {
      byte[] body = body(exchange);
      if (body.length == 0) {
        answer(exchange, 204, "text/html; charset=utf-8", "");
        return;
      }
      ContentType type = contentType(exchange.getRequestHeaders().getFirst("Content-Type"));
      float[][] predictions = model.predict(Rows.read(body, type, model.features()));
      String accept = accept(exchange.getRequestHeaders().getFirst("Accept"));
      answer(exchange, 200, accept, selection.map(selected -> selected.body(predictions, accept, batch))
          .orElseGet(() -> ScoreText.body(predictions, accept, batch)));
    } catch (ScoringError e) {
      log.error(e.getMessage());
      answer(exchange, e.status(), "text/html; charset=utf-8", e.getMessage());
    } catch (RuntimeException | OutOfMemoryError e) {
      log.error("A request failed: " + e);
      answer(exchange, 500, "text/html; charset=utf-8", "Unable to evaluate payload provided: " + e);
    }
  }

  private byte[] body(HttpExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readNBytes((int) Math.min(largestBody + 1, Integer.MAX_VALUE - 16));
    if (body.length > largestBody) {
      exchange.getResponseHeaders().set("Connection", "close");
      throw new ScoringError(413, "The data value transmitted exceeds the capacity limit of " + largestBody
          + " bytes.");
    }
    return body;
  }

  private static ContentType contentType(String header) {
    try {
      return ContentType.read(header == null ? "" : header);
    } catch (UserError e) {
      throw new ScoringError(415, e.getMessage());
    }
  }

  private String accept(String header) {
    String accept = header == null ? "" : header.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
    if (accept.isEmpty() || accept.equals("*/*")) {
      return defaultAccept;
    }
    if (!ACCEPTED.contains(accept)) {
      throw new ScoringError(406, "Accept type " + accept + " is not supported. Please use supported accept types: "
          + ACCEPTED + ".");
    }
    return accept;
  }

  private static void answer(HttpExchange exchange, int status, String type, String text) throws IOException {
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", type);
    exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
    if (body.length > 0) {
      exchange.getResponseBody().write(body);
    }
  }

  /** Stops listening; requests in progress get a second. */
  @Override
  public void close() {
    http.stop(1);
    threads.close();
  }
}
