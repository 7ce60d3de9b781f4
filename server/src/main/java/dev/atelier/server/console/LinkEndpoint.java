package dev.atelier.server.console;

import dev.atelier.identity.ConsoleSessions;
import dev.atelier.identity.Credential;
import dev.atelier.identity.Credentials;
import dev.atelier.kernel.Fault;
import dev.atelier.kernel.Identity;
import dev.atelier.server.http.SignedByKey;
import dev.atelier.wire.Authentication;
import dev.atelier.wire.ErrorDialect;
import dev.atelier.wire.SigV4Verifier;
import dev.atelier.wire.WireRequest;
import dev.atelier.wire.WireResponse;
import java.time.Clock;
import java.util.Optional;

/** Gives users who sign with a key of their own a link that signs them in at the console. */
final class LinkEndpoint {
  private final Credentials credentials;
  private final ConsoleSessions sessions;
  private final SigV4Verifier verifier;

  LinkEndpoint(Credentials credentials, ConsoleSessions sessions, Clock clock) {
    this.credentials = credentials;
    this.sessions = sessions;
    this.verifier = SignedByKey.verifier(credentials, clock);
  }

  WireResponse answer(WireRequest request) {
    try {
      if (!(verifier.verify(request, ErrorDialect.S3, Optional.empty()) instanceof Authentication.Verified verified)) {
        return Answers.text(403, "Sign the request with a user's access key.");
      }
      Optional<Credential> credential = credentials.find(verified.accessKeyId());
      // a session that could make further sessions would never end
      return credential.isPresent() && credential.get().expiresAt().isEmpty()
          && credential.get().identity() instanceof Identity.User user
          ? Answers.text(200, sessions.link(credential.get().account(), user))
          : Answers.text(403, "Only a user's own access key gets a link, no session's.");
    } catch (Fault fault) {
      return Answers.text(403, fault.getMessage());
    }
  }
}
