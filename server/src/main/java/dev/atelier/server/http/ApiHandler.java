package dev.atelier.server.http;

import dev.atelier.wire.WireRequest;
import dev.atelier.wire.WireResponse;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers requests by their hosts. */
final class ApiHandler extends Handler.Abstract {
  private static final Logger LOG = LoggerFactory.getLogger(ApiHandler.class);

  private final Dispatcher dispatcher;
  private final ClientGate gate;
  private final Set<String> names;
  private final Optional<ConsoleSide> console;
  private final Map<String, Function<WireRequest, WireResponse>> own;
  private final RegistrySide registry;

  /**
   * @param names host names, beside localhost, that are this server's
   * @param console what answers at the console's host; empty where there is none
   * @param registry what answers docker and podman
   * @param own what answers at paths of Atelier's own, which sign and authorise as the API does
   */
  ApiHandler(Dispatcher dispatcher, ClientGate gate, Set<String> names, Optional<ConsoleSide> console,
      RegistrySide registry, Map<String, Function<WireRequest, WireResponse>> own) {
    super(InvocationType.BLOCKING);
    this.registry = registry;
    this.console = console;
    this.own = own;
    this.dispatcher = dispatcher;
    this.gate = gate;
    this.names = names;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    try {
      answer(request, response);
      callback.succeeded();
    } catch (Exchange.SourceFailure failure) {
      LOG.warn("an answer broke off: its content could not be read", failure.getCause());
      callback.failed(failure);
    } catch (IOException clientGone) {
      LOG.debug("the client went away", clientGone);
      callback.failed(clientGone);
    }
    return true;
  }

  private void answer(Request request, Response response) throws IOException {
    String host = Request.getServerName(request) == null ? "" : hostHeader(request);
    switch (HostRule.of(host, names)) {
      case HostRule.Foreign foreign -> misdirected(response, foreign.host());
      case HostRule.Console studio when console.isEmpty() -> misdirected(response, host);
      case HostRule.Console studio -> Exchange.write(response, console.get().answer(Exchange.request(request)), request);
      case HostRule.App app -> misdirected(response, host);
      case HostRule.UnservedAwsHost unserved -> text(response, 501, "Atelier does not serve " + unserved.host()
          + " and passes no request on to AWS.");
      case HostRule.Telemetry telemetry -> text(response, 200, "");
      case HostRule.Registry images -> Exchange.write(response,
          registry.answer(Exchange.request(request), Optional.of(images)), request);
      case HostRule.AwsHost aws -> Exchange.write(response, dispatcher.dispatch(Exchange.request(request), aws.route()), request);
      case HostRule.Api api -> {
        WireRequest asked = Exchange.request(request);
        Exchange.write(response, answer(asked), request);
      }
    }
  }

  private WireResponse answer(WireRequest asked) {
    if (asked.rawPath().equals(ConsoleSide.LINK_PATH) && console.isPresent()) {
      return console.get().link(asked);
    }
    Function<WireRequest, WireResponse> deed = own.get(asked.rawPath());
    if (deed != null) {
      return deed.apply(asked);
    }
    if (RegistrySide.isFor(asked.rawPath())) {
      return registry.answer(asked, Optional.empty());
    }
    return asked.rawPath().equals(ClientSettings.PATH) ? gate.answer(asked) : dispatcher.dispatch(asked);
  }

  private static void misdirected(Response response, String host) throws IOException {
    text(response, 421, "Atelier does not answer for the host " + host
        + ". Use its address, localhost, or an AWS host name through its proxy.");
  }

  private static String hostHeader(Request request) {
    String host = request.getHeaders().get("Host");
    return host == null ? Request.getServerName(request) : host;
  }

  private static void text(Response response, int status, String message) throws IOException {
    byte[] body = message.getBytes(StandardCharsets.UTF_8);
    response.setStatus(status);
    response.getHeaders().put("Content-Type", "text/plain;charset=utf-8");
    response.getHeaders().put("Content-Length", body.length);
    Exchange.whole(response, ByteBuffer.wrap(body));
  }
}
