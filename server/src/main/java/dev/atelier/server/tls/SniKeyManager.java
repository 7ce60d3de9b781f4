package dev.atelier.server.tls;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;

/** Chooses, and on first need mints, the certificate of the host that a client names in its handshake. */
public final class SniKeyManager extends X509ExtendedKeyManager {
  private static final String WITHOUT_NAME = "localhost";
  private static final List<String> LOCAL = List.of(WITHOUT_NAME, "127.0.0.1", "::1");
  /** Stands for this machine as others know it; no host name holds a slash. */
  private static final String HOST = "host/";

  private final CertificateAuthority authority;
  private final HostIdentity identity;
  private final Clock clock;
  private final Cache<String, CertificateAuthority.Leaf> leaves = Caffeine.newBuilder().maximumSize(1_000).build();

  public SniKeyManager(CertificateAuthority authority, HostIdentity identity, Clock clock) {
    this.authority = authority;
    this.identity = identity;
    this.clock = clock;
  }

  /** The host's name is its alias; a host that is not ours gets no certificate, and the handshake fails. */
  @Override
  public String chooseEngineServerAlias(String keyType, Principal[] issuers, SSLEngine engine) {
    String host = "";
    for (SNIServerName name : ((ExtendedSSLSession) engine.getHandshakeSession()).getRequestedServerNames()) {
      if (name instanceof SNIHostName hostName) {
        String named = hostName.getAsciiName().toLowerCase(Locale.ROOT);
        // an address is no host name, but some clients send it
        host = HostIdentity.isAddress(named) ? "" : named;
      }
    }
    String alias = alias(host);
    return alias != null && keyType.equals(getPrivateKey(alias).getAlgorithm()) ? alias : null;
  }

  /** Null stands for no certificate in this interface of the JDK's. */
  private String alias(String host) {
    if (ServedHosts.isAws(host) || ServedHosts.isLocal(host)) {
      return host;
    }
    boolean known = !identity.names().isEmpty();
    if (known && (host.isEmpty() || identity.answersFor(host))) {
      return HOST;
    }
    return host.isEmpty() ? WITHOUT_NAME : null;
  }

  private CertificateAuthority.Leaf leaf(String host) {
    try {
      return host.equals(HOST) ? identity.leaf() : minted(host);
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("no certificate for " + host, e);
    }
  }

  private CertificateAuthority.Leaf minted(String host) throws GeneralSecurityException, IOException {
    CertificateAuthority.Leaf known = leaves.getIfPresent(host);
    if (known != null && clock.instant().isBefore(known.until().minus(Duration.ofDays(1)))) {
      return known;
    }
    CertificateAuthority.Leaf minted = authority.mint(host.equals(WITHOUT_NAME) ? LOCAL : List.of(host));
    leaves.put(host, minted);
    return minted;
  }

  @Override
  public X509Certificate[] getCertificateChain(String alias) {
    return leaf(alias).chain();
  }

  @Override
  public PrivateKey getPrivateKey(String alias) {
    return leaf(alias).key();
  }

  @Override
  public String[] getServerAliases(String keyType, Principal[] issuers) {
    return new String[] {WITHOUT_NAME};
  }

  @Override
  public String chooseServerAlias(String keyType, Principal[] issuers, Socket socket) {
    return WITHOUT_NAME;
  }

  @Override
  public String[] getClientAliases(String keyType, Principal[] issuers) {
    return new String[0];
  }

  @Override
  public String chooseClientAlias(String[] keyType, Principal[] issuers, Socket socket) {
    return "";
  }
}
