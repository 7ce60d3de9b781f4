package dev.atelier.server.http;

import dev.atelier.wire.WireRequest;
import dev.atelier.wire.WireResponse;
import java.util.Optional;

/** What answers docker and podman. */
@FunctionalInterface
public interface RegistrySide {
  /** Whether a path is the registry's: no bucket has a name of two letters. */
  static boolean isFor(String rawPath) {
    return rawPath.equals("/v2") || rawPath.startsWith("/v2/");
  }

  /** @param host the registry's own host, if it was asked for by that */
  WireResponse answer(WireRequest request, Optional<HostRule.Registry> host);
}
