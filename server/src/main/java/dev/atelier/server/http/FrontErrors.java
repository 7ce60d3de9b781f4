package dev.atelier.server.http;

import dev.atelier.kernel.Fault;
import dev.atelier.wire.CborRpc;
import dev.atelier.wire.Headers;
import dev.atelier.wire.WireRequest;
import dev.atelier.wire.WireResponse;
import java.io.ByteArrayInputStream;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.UUID;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;

/**
 * Answers what Jetty refuses before any handler sees it, such as a request line or headers that cannot be read, in the
 * form of the service that it seems to be for: S3's, unless what could be read names another.
 */
final class FrontErrors extends ErrorHandler {
  private static final String UNREAD = "An error occurred when parsing the HTTP request.";

  private final Wires wires = new Wires();

  @Override
  public boolean errorPageForMethod(String method) {
    return true;
  }

  @Override
  protected void generateResponse(
      Request request, Response response, int status, String message, Throwable cause, Callback callback) {
    WireResponse answer = answer(asked(request), status);
    response.setStatus(answer.status());
    response.getHeaders().put("Connection", "close");
    response.write(true, write(answer, response.getHeaders()), callback);
  }

  @Override
  public ByteBuffer badMessageError(int status, String reason, HttpFields.Mutable fields) {
    WireRequest unread =
        new WireRequest("GET", "/", "", new Headers(), new ByteArrayInputStream(new byte[0]), false, "");
    return write(answer(unread, status), fields);
  }

  private static WireRequest asked(Request request) {
    Headers headers = new Headers();
    for (HttpField field : request.getHeaders()) {
      headers.add(field.getName(), field.getValue() == null ? "" : field.getValue());
    }
    String query = request.getHttpURI().getQuery();
    return new WireRequest(request.getMethod(), "/", query == null ? "" : query, headers,
        new ByteArrayInputStream(new byte[0]), request.isSecure(), "");
  }

  private WireResponse answer(WireRequest request, int status) {
    ServiceRoute route = ServiceRoute.of(CborRpc.target(request)
            .map(target -> target.service() + "." + target.operation()).or(() -> request.headers().first("X-Amz-Target")),
        SignedScope.service(request), service -> false);
    return wires.of(route.service(), request).error(fault(status), UUID.randomUUID().toString(), Optional.empty());
  }

  private static Fault fault(int status) {
    return switch (status) {
      case HttpStatus.REQUEST_HEADER_FIELDS_TOO_LARGE_431 -> new Fault("RequestHeaderSectionTooLarge", 400,
          "Your request header section exceeds the maximum allowed size.");
      case HttpStatus.URI_TOO_LONG_414 -> new Fault("InvalidURI", 414, "The specified URI is too long.");
      case HttpStatus.REQUEST_TIMEOUT_408 -> new Fault("RequestTimeout", 400,
          "Your socket connection to the server was not read from or written to within the timeout period.");
      case HttpStatus.INTERNAL_SERVER_ERROR_500 -> new Fault("InternalFailure", 500,
          "The request processing has failed because of an unknown error, exception or failure.");
      case HttpStatus.HTTP_VERSION_NOT_SUPPORTED_505 -> new Fault("BadRequest", 400, UNREAD);
      default -> status < 500 ? new Fault("BadRequest", status, UNREAD)
          : new Fault("ServiceUnavailable", status, "The service cannot answer the request now.");
    };
  }

  private static ByteBuffer write(WireResponse answer, HttpFields.Mutable headers) {
    byte[] body = answer.body() instanceof WireResponse.Bytes bytes ? bytes.value() : new byte[0];
    for (String name : answer.headers().names()) {
      headers.put(name, answer.headers().first(name).orElseThrow());
    }
    headers.put("X-Content-Type-Options", "nosniff");
    headers.put("Content-Length", body.length);
    return ByteBuffer.wrap(body);
  }
}
