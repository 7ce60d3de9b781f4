package dev.atelier.server.console;

import dev.atelier.identity.ConsoleSessions;
import dev.atelier.identity.ConsoleSignIn;
import dev.atelier.kernel.Caller;
import dev.atelier.kernel.Fault;
import dev.atelier.kernel.Region;
import dev.atelier.wire.WireRequest;
import dev.atelier.wire.WireResponse;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Semaphore;

/** {@code /session}: POST signs in, GET tells who is signed in, DELETE signs out. */
final class SessionEndpoint {
  static final String PATH = "/session";
  private static final Set<String> GUESSES = Set.of("SignInFailed", "MfaFailed");

  private final ConsoleSignIn signIn;
  private final ConsoleSessions sessions;
  private final AttemptLimit limit;
  /** A password's hash takes 19 MiB and tens of milliseconds: many at once must not take the machine. */
  private final Semaphore hashing = new Semaphore(2, true);

  SessionEndpoint(ConsoleSignIn signIn, ConsoleSessions sessions, AttemptLimit limit) {
    this.signIn = signIn;
    this.sessions = sessions;
    this.limit = limit;
  }

  WireResponse answer(WireRequest request) {
    return switch (request.method()) {
      case "POST" -> begin(request);
      case "GET" -> SessionCookie.token(request.headers()).flatMap(sessions::find).map(SessionEndpoint::told)
          .orElseThrow(() -> new Fault("NotSignedIn", 401, "Nobody is signed in."));
      case "DELETE" -> end(request);
      default -> throw new Fault("MethodNotAllowed", 405, "A session is begun, told and ended.");
    };
  }

  private WireResponse begin(WireRequest request) {
    SentJson sent = SentJson.of(request);
    ConsoleSessions.Issued issued = sent.has("link") ? byLink(sent.text("link"))
        : byPassword(request.peer(), new ConsoleSignIn.Entered(sent.text("account"), sent.text("user"),
            sent.text("password"), sent.optional("newPassword"), sent.optional("code")));
    // who signs in anew leaves the old session behind
    SessionCookie.token(request.headers()).ifPresent(sessions::end);
    WireResponse answer = told(issued.session());
    answer.headers().add("Set-Cookie", SessionCookie.set(issued.token()));
    return answer;
  }

  private ConsoleSessions.Issued byPassword(String peer, ConsoleSignIn.Entered entered) {
    limit.require(peer, entered.account(), entered.user());
    hashing.acquireUninterruptibly();
    try {
      // those before in the queue may have failed meanwhile: many guesses at once are still one after the other
      limit.require(peer, entered.account(), entered.user());
      ConsoleSessions.Issued issued = signIn.signIn(entered);
      limit.succeeded(peer, entered.account(), entered.user());
      return issued;
    } catch (Fault fault) {
      if (GUESSES.contains(fault.code())) {
        limit.failed(peer, entered.account(), entered.user());
      }
      throw fault;
    } finally {
      hashing.release();
    }
  }

  /** Not slowed down: nobody guesses 256 random bits, and whoever fails passwords at this address must not stop it. */
  private ConsoleSessions.Issued byLink(String link) {
    return sessions.redeem(link).orElseThrow(() -> new Fault("SignInLinkEnded", 401,
        "The link was used already, or is older than five minutes. Get another: ./atelier console"));
  }

  private WireResponse end(WireRequest request) {
    SessionCookie.token(request.headers()).ifPresent(sessions::end);
    WireResponse answer = Answers.empty(204);
    answer.headers().add("Set-Cookie", SessionCookie.cleared());
    return answer;
  }

  private static WireResponse told(ConsoleSessions.Session session) {
    Caller caller = new Caller(session.account(), new Region("us-east-1"), session.user(), session.accessKeyId());
    return Answers.json(200, Map.of("account", session.account().value(), "user", session.user().name(),
        "userId", session.user().id(), "arn", caller.arn().toString(), "expiresAt", session.expiresAt().toString()));
  }
}
