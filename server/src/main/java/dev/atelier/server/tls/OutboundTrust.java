package dev.atelier.server.tls;

import dev.atelier.server.config.ConfigException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/** Whose certificates the server believes where it is the client. */
public final class OutboundTrust {
  private OutboundTrust() {}

  /**
   * The public authorities that the JDK knows, and those of the PEM files.
   *
   * @throws ConfigException a file cannot be read or holds no certificate
   */
  public static SSLContext of(List<String> pemFiles) throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    for (TrustManager each : managers(null)) {
      if (each instanceof X509TrustManager known) {
        for (X509Certificate authority : known.getAcceptedIssuers()) {
          store.setCertificateEntry("public-" + store.size(), authority);
        }
      }
    }
    for (String file : pemFiles) {
      int before = store.size();
      try (InputStream pem = Files.newInputStream(Path.of(file))) {
        for (Certificate authority : CertificateFactory.getInstance("X.509").generateCertificates(pem)) {
          store.setCertificateEntry("given-" + store.size(), authority);
        }
      } catch (IOException | GeneralSecurityException e) {
        throw new ConfigException("trustedCertificates: cannot read the certificates of " + file);
      }
      if (store.size() == before) {
        throw new ConfigException("trustedCertificates: " + file + " holds no certificate");
      }
    }
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, managers(store), null);
    return context;
  }

  /** @param store null for the JDK's own authorities */
  private static TrustManager[] managers(KeyStore store) throws GeneralSecurityException {
    TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    return factory.getTrustManagers();
  }
}
