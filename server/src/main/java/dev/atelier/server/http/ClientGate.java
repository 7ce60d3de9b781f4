package dev.atelier.server.http;

import dev.atelier.identity.Credential;
import dev.atelier.identity.Credentials;
import dev.atelier.kernel.Fault;
import dev.atelier.wire.Authentication;
import dev.atelier.wire.ErrorDialect;
import dev.atelier.wire.SigV4Verifier;
import dev.atelier.wire.WireRequest;
import dev.atelier.wire.WireResponse;
import java.time.Clock;
import java.util.Optional;

/** Tells whoever signs in from another machine what {@code atelier env} there must know. */
final class ClientGate {
  private final Credentials credentials;
  private final SigV4Verifier verifier;
  private final String certificates;
  private final String proxyToken;

  ClientGate(Credentials credentials, Clock clock, String certificates, String proxyToken) {
    this.credentials = credentials;
    this.verifier = SignedByKey.verifier(credentials, clock);
    this.certificates = certificates;
    this.proxyToken = proxyToken;
  }

  WireResponse answer(WireRequest request) {
    try {
      Optional<String> nonce = request.headers().first(ClientSettings.NONCE).filter(text -> text.length() >= 16);
      if (!(verifier.verify(request, ErrorDialect.JSON, Optional.empty()) instanceof Authentication.Verified caller)
          || nonce.isEmpty()) {
        return SignedByKey.text(403, "Sign in with an access key: atelier env --url does.");
      }
      Credential credential = credentials.find(caller.accessKeyId()).orElseThrow();
      return SignedByKey.text(200, new ClientSettings(credential.account().value(), certificates, proxyToken)
          .seal(credential.secretAccessKey(), nonce.get()));
    } catch (Fault fault) {
      return SignedByKey.text(403, fault.getMessage());
    }
  }
}
