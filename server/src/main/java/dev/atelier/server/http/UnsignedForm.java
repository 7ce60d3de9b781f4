package dev.atelier.server.http;

import dev.atelier.kernel.Fault;
import dev.atelier.models.ServiceModel;
import dev.atelier.wire.QueryProtocol;
import dev.atelier.wire.WireRequest;
import java.io.ByteArrayInputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A form of the Query protocol that no signature tells the service of: its version does. Web identities sign nothing;
 * every other one is refused in the words of the service it was meant for, not of S3.
 */
record UnsignedForm(WireRequest request, ServiceRoute route) {
  /** What STS does for those who have no credentials yet. */
  static final Set<String> OPERATIONS = Set.of("AssumeRoleWithWebIdentity", "AssumeRoleWithSAML");
  /** Tokens and assertions of identity providers have 100,000 characters at most, by STS's model. */
  private static final int MOST_BYTES = 128 << 10;
  private static final List<String> SERVICES = List.of("sts", "iam", "cloudwatch");

  /** Empty for a signed request and for one that is no such form. */
  static Optional<UnsignedForm> of(WireRequest request) {
    boolean posted = request.method().equals("POST") && request.headers().first("Content-Type")
        .filter(type -> type.startsWith("application/x-www-form-urlencoded")).isPresent();
    boolean asked = request.method().equals("GET") && ("&" + request.rawQuery()).contains("&Action=");
    if (!request.rawPath().equals("/") || !posted && !asked || request.headers().has("X-Amz-Target")
        || SignedScope.service(request).isPresent() || ("&" + request.rawQuery()).contains("&Signature=")) {
      return Optional.empty();
    }
    QueryProtocol.Form form;
    try {
      form = new QueryProtocol(ServiceModel.load("sts")).form(request, MOST_BYTES);
    } catch (Fault | UncheckedIOException unread) {
      // what cannot be read is refused where every request is answered
      return Optional.of(new UnsignedForm(request, new ServiceRoute("sts", Optional.empty())));
    }
    String service = SERVICES.stream()
        .filter(each -> form.version().equals(Optional.of(ServiceModel.load(each).metadata().apiVersion())))
        .findFirst().orElse("sts");
    return Optional.of(new UnsignedForm(request.withBody(new ByteArrayInputStream(form.body())),
        new ServiceRoute(service, Optional.empty())));
  }
}
