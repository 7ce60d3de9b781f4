package dev.atelier.server;

import dev.atelier.server.tls.HostIdentity;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Where the server listens, and how machines other than this one know it.
 *
 * @param plainHttp whether they may speak to it without TLS
 * @param publicHosts names and addresses beside the machine's own
 * @param certificate of somebody else's authority, PEM, with its key
 */
record Binding(InetSocketAddress address, boolean plainHttp, List<String> publicHosts, Optional<Path> certificate,
    Optional<Path> certificateKey) {

  /** A port of this machine that only this machine reaches. */
  static Binding loopback(int port) {
    return new Binding(new InetSocketAddress("127.0.0.1", port), false, List.of(), Optional.empty(), Optional.empty());
  }

  private boolean local() {
    return address.getAddress().isLoopbackAddress();
  }

  /** The certificates to show. @throws CommandFailure when files that were named cannot be used */
  HostIdentity identity(Path keys, Clock clock) throws IOException, GeneralSecurityException {
    if (local() && publicHosts.isEmpty()) {
      return HostIdentity.local();
    }
    Set<String> names = names();
    if (certificate.isEmpty()) {
      return HostIdentity.own(names, keys, clock);
    }
    try {
      return HostIdentity.given(names, certificate.get(), certificateKey.orElseThrow());
    } catch (IOException | GeneralSecurityException e) {
      throw new CommandFailure("the certificate " + certificate.get() + " cannot be used: " + e.getMessage());
    }
  }

  private Set<String> names() throws IOException {
    Set<String> names = new LinkedHashSet<>();
    publicHosts.forEach(name -> names.add(name.toLowerCase(Locale.ROOT)));
    if (address.getAddress().isAnyLocalAddress()) {
      names.addAll(HostIdentity.ofMachine());
    } else if (!local()) {
      names.add(address.getAddress().getHostAddress());
    }
    return names;
  }

  /** The address for clients of this machine. */
  URI url(int port) {
    InetAddress listens = address.getAddress();
    return URI.create(listens.isAnyLocalAddress() || listens.isLoopbackAddress() && !listens.getHostAddress().contains(":")
        ? "http://" + (listens.isAnyLocalAddress() ? "127.0.0.1" : address.getHostString()) + ":" + port
        : "https://" + (listens.getHostAddress().contains(":") ? "[" + listens.getHostAddress() + "]"
            : listens.getHostAddress()) + ":" + port);
  }

  /** The origin of a host of Studio's, for browsers; {@code label} is what its name begins with. */
  String origin(String label, int port) {
    return at(label + ".", port);
  }

  /** The origin of the console, for browsers. */
  String console(int port) {
    return at("", port);
  }

  private String at(String beginning, int port) {
    return publicHosts.stream().filter(name -> !HostIdentity.isAddress(name)).findFirst()
        .map(name -> "https://" + beginning + "studio." + name.toLowerCase(Locale.ROOT) + ":" + port)
        .orElseGet(() -> "http://" + beginning + "studio.localhost:" + port);
  }

  /** The line that tells how other machines get in. */
  Optional<String> reachable(int port) throws IOException {
    if (local() && publicHosts.isEmpty()) {
      return Optional.empty();
    }
    String name = names().iterator().next();
    String console = HostIdentity.isAddress(name) ? "" : ", and its console at https://studio." + name + ":" + port;
    return Optional.of("Other machines reach it by: atelier env --url https://" + name + ":" + port + console);
  }
}
