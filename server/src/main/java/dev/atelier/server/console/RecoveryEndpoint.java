package dev.atelier.server.console;

import dev.atelier.identity.Authoriser;
import dev.atelier.identity.Authoriser.Access;
import dev.atelier.identity.ConsoleSessions;
import dev.atelier.identity.IdentityFeature;
import dev.atelier.identity.SecondFactor;
import dev.atelier.kernel.Caller;
import dev.atelier.kernel.Fault;
import dev.atelier.kernel.Region;
import dev.atelier.wire.WireRequest;
import dev.atelier.wire.WireResponse;
import java.util.Map;

/**
 * {@code /recovery-codes} of who is signed in: GET tells how many are left, POST with a code of the MFA device makes new
 * ones, for whoever may enable a device of the user's. Guesses are slowed down as those at the sign-in are.
 */
final class RecoveryEndpoint {
  static final String PATH = "/recovery-codes";

  private final SecondFactor factor;
  private final ConsoleSessions sessions;
  private final Authoriser authoriser;
  private final AttemptLimit limit;

  RecoveryEndpoint(IdentityFeature identity, AttemptLimit limit) {
    this.factor = identity.secondFactor();
    this.sessions = identity.consoleSessions();
    this.authoriser = identity.authoriser();
    this.limit = limit;
  }

  WireResponse answer(WireRequest request) {
    ConsoleSessions.Session session = SessionCookie.token(request.headers()).flatMap(sessions::find)
        .orElseThrow(() -> new Fault("NotSignedIn", 401, "Sign in first, or again: the session has ended."));
    return switch (request.method()) {
      case "GET" -> Answers.json(200, Map.of("left", factor.left(session.account(), session.user())));
      case "POST" -> made(request, session);
      default -> throw new Fault("MethodNotAllowed", 405, "Recovery codes are counted and made.");
    };
  }

  private WireResponse made(WireRequest request, ConsoleSessions.Session session) {
    Caller caller = new Caller(session.account(), new Region("us-east-1"), session.user(), session.accessKeyId());
    authoriser.authorise(caller, Access.of("iam:EnableMFADevice", caller.arn().toString()));
    String code = SentJson.of(request).text("code");
    limit.require(request.peer(), session.account().value(), session.user().name());
    try {
      return Answers.json(200, Map.of("codes", factor.renew(session.account(), session.user(), code)));
    } catch (Fault fault) {
      if (fault.code().equals("MfaFailed")) {
        limit.failed(request.peer(), session.account().value(), session.user().name());
        // 401 would say that the session has ended
        throw new Fault(fault.code(), 403, fault.getMessage());
      }
      throw fault;
    }
  }
}
