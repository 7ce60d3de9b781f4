package dev.atelier.server.console;

import dev.atelier.identity.IdentityFeature;
import dev.atelier.kernel.Fault;
import dev.atelier.server.http.ConsoleSide;
import dev.atelier.server.http.Dispatcher;
import dev.atelier.wire.WireRequest;
import dev.atelier.wire.WireResponse;
import java.time.Clock;

/** Tells apart what is asked of the console's host: a page, the session, or a service. */
public final class Console implements ConsoleSide {
  private final StaticPages pages = new StaticPages("console");
  private final SessionEndpoint session;
  private final ServiceEndpoint services;
  private final LinkEndpoint links;

  public Console(Dispatcher dispatcher, IdentityFeature identity, Clock clock) {
    this.session = new SessionEndpoint(identity.consoleSignIn(), identity.consoleSessions(), new AttemptLimit(clock));
    this.services = new ServiceEndpoint(dispatcher, identity.consoleSessions());
    this.links = new LinkEndpoint(identity.credentials(), identity.consoleSessions(), clock);
  }

  @Override
  public WireResponse answer(WireRequest request) {
    String path = request.rawPath();
    boolean service = path.startsWith(ServiceEndpoint.PATH);
    if (!service && !path.equals(SessionEndpoint.PATH)) {
      return pages.answer(request);
    }
    try {
      SameOrigin.require(request);
      return service ? services.answer(request) : session.answer(request);
    } catch (Fault fault) {
      return Answers.refusal(fault);
    }
  }

  @Override
  public WireResponse link(WireRequest request) {
    return links.answer(request);
  }
}
