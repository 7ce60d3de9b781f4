package dev.atelier.server.apps;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Answers of the proxy's own. */
final class AppAnswers {
  private AppAnswers() {}

  static void gone(Response response, Callback callback) {
    text(response, callback, 502, "The app's program does not answer. If it was ended it is started again within "
        + "seconds; reload the page then.");
  }

  static void text(Response response, Callback callback, int status, String message) {
    response.setStatus(status);
    response.getHeaders().put("Content-Type", "text/plain;charset=utf-8");
    response.getHeaders().put("X-Content-Type-Options", "nosniff");
    response.getHeaders().put("Cache-Control", "no-store");
    response.write(true, ByteBuffer.wrap(message.getBytes(StandardCharsets.UTF_8)), callback);
  }
}
