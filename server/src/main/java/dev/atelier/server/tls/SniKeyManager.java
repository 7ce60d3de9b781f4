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
import java.util.Locale;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;

/** Chooses, and on first need mints, the certificate of the host that a client names in its handshake. */
public final class SniKeyManager extends X509ExtendedKeyManager {
  private static final String WITHOUT_NAME = "localhost";

  private final CertificateAuthority authority;
  private final Clock clock;
  private final Cache<String, CertificateAuthority.Leaf> leaves = Caffeine.newBuilder().maximumSize(1_000).build();

  public SniKeyManager(CertificateAuthority authority, Clock clock) {
    this.authority = authority;
    this.clock = clock;
  }

  /** The host's name is its alias; a host that is not ours gets no certificate, and the handshake fails. */
  @Override
  public String chooseEngineServerAlias(String keyType, Principal[] issuers, SSLEngine engine) {
    if (!keyType.equals("EC")) {
      return null;
    }
    String host = WITHOUT_NAME;
    for (SNIServerName name : ((ExtendedSSLSession) engine.getHandshakeSession()).getRequestedServerNames()) {
      if (name instanceof SNIHostName hostName) {
        host = hostName.getAsciiName().toLowerCase(Locale.ROOT);
      }
    }
    return ServedHosts.isAws(host) || ServedHosts.isLocal(host) ? host : null;
  }

  private CertificateAuthority.Leaf leaf(String host) {
    CertificateAuthority.Leaf known = leaves.getIfPresent(host);
    if (known != null && clock.instant().isBefore(known.until().minus(Duration.ofDays(1)))) {
      return known;
    }
    try {
      CertificateAuthority.Leaf minted = authority.mint(host);
      leaves.put(host, minted);
      return minted;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("no certificate for " + host, e);
    }
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
