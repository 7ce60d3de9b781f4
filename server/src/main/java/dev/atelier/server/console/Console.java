package dev.atelier.server.console;

import dev.atelier.identity.IdentityFeature;
import dev.atelier.kernel.Fault;
import dev.atelier.server.http.ConsoleSide;
import dev.atelier.server.http.Dispatcher;
import dev.atelier.wire.WireRequest;
import dev.atelier.wire.WireResponse;
import java.time.Clock;
import java.util.Optional;
import java.util.Set;

/** Tells apart what is asked of the console's host: a page, the session, a service, or what changes. */
public final class Console implements ConsoleSide {
  private static final Set<String> OWN = Set.of(SessionEndpoint.PATH, LiveEvents.PATH, RecoveryEndpoint.PATH,
      SignOnEndpoint.PATH);

  private final StaticPages pages = new StaticPages("console");
  private final SessionEndpoint session;
  private final ServiceEndpoint services;
  private final LinkEndpoint links;
  private final LiveEvents events;
  private final RecoveryEndpoint recovery;
  private final SignOnEndpoint signOn;
  private volatile Optional<UsageEndpoint> usage = Optional.empty();

  public Console(Dispatcher dispatcher, IdentityFeature identity, Clock clock) {
    this(dispatcher, identity, clock, LiveEvents.Pace.USUAL);
  }

  /** @param pace how often those are told something who follow what changes */
  Console(Dispatcher dispatcher, IdentityFeature identity, Clock clock, LiveEvents.Pace pace) {
    this.events = new LiveEvents(dispatcher, identity.consoleSessions(), pace);
    AttemptLimit limit = new AttemptLimit(clock);
    this.session = new SessionEndpoint(identity.consoleSignIn(), identity.consoleSessions(), limit);
    this.recovery = new RecoveryEndpoint(identity, limit);
    this.signOn = new SignOnEndpoint(identity.singleSignOn(), identity.consoleSessions());
    this.services = new ServiceEndpoint(dispatcher, identity.consoleSessions());
    this.links = new LinkEndpoint(identity.credentials(), identity.consoleSessions(), clock);
  }

  @Override
  public WireResponse answer(WireRequest request) {
    String path = request.rawPath();
    boolean service = path.startsWith(ServiceEndpoint.PATH);
    boolean read = request.method().equals("GET");
    if (path.equals(SignOnEndpoint.CALLBACK)) {
      return signOn.callback(request, read);
    }
    if (path.equals(SignOnEndpoint.START) && read) {
      return signOn.start(request);
    }
    boolean counting = usage.isPresent() && path.startsWith(UsageEndpoint.PATH);
    if (!service && !counting && !OWN.contains(path)) {
      return pages.answer(request);
    }
    try {
      SameOrigin.require(request);
      if (counting) {
        return usage.get().answer(request);
      }
      return switch (path) {
        case SessionEndpoint.PATH -> session(request);
        case LiveEvents.PATH -> events.answer(request);
        case RecoveryEndpoint.PATH -> recovery.answer(request);
        case SignOnEndpoint.PATH -> signOn.list();
        default -> services.answer(request);
      };
    } catch (Fault fault) {
      return Answers.refusal(fault);
    }
  }

  private WireResponse session(WireRequest request) {
    WireResponse answer = session.answer(request);
    if (!request.method().equals("GET")) {
      events.recheck();
    }
    return answer;
  }

  /** Answers what is asked of usage from now on. */
  public void usage(UsageEndpoint endpoint) {
    usage = Optional.of(endpoint);
  }

  /** Told by the store which resources changed. @param arns of what is new, other or gone */
  public void changed(Set<String> arns) {
    events.changed(arns);
  }

  @Override
  public void close() {
    events.close();
  }

  @Override
  public WireResponse link(WireRequest request) {
    return links.answer(request);
  }
}
