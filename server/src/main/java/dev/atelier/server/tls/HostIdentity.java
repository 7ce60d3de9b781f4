package dev.atelier.server.tls;

import dev.atelier.server.tls.CertificateAuthority.Leaf;
import java.io.IOException;
import java.io.Reader;
import java.net.InetAddress;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;

/**
 * How other machines know this one: its names and addresses, and the certificate that it shows under them. Without any
 * it is reached from this machine only.
 */
public abstract sealed class HostIdentity {
  /** Under a name, the console's host and those of apps. */
  private static final String STUDIO = "studio.";
  private static final Pattern ADDRESS = Pattern.compile("[0-9.]+|.*:.*");

  private final Set<String> names;

  private HostIdentity(Collection<String> names) {
    this.names = Set.copyOf(names);
  }

  /** Reached from this machine alone. */
  public static HostIdentity local() {
    return new Local();
  }

  /**
   * With a certificate that somebody else issued.
   *
   * @param chain PEM, leaf first
   * @param key PEM, PKCS #8 or OpenSSL's form, not encrypted
   * @throws IOException with a sentence that says what is wrong with the files
   */
  public static HostIdentity given(Collection<String> names, Path chain, Path key)
      throws IOException, GeneralSecurityException {
    List<X509Certificate> certificates = new ArrayList<>();
    try (var in = Files.newInputStream(chain)) {
      CertificateFactory.getInstance("X.509").generateCertificates(in)
          .forEach(each -> certificates.add((X509Certificate) each));
    }
    if (certificates.isEmpty()) {
      throw new IOException(chain + " holds no certificate");
    }
    return new Given(names, new Leaf(key(key), certificates.toArray(X509Certificate[]::new),
        certificates.getFirst().getNotAfter().toInstant()), Files.readString(chain));
  }

  /** With certificates of an authority of this data folder. */
  public static HostIdentity own(Collection<String> names, Path keys, Clock clock)
      throws IOException, GeneralSecurityException {
    List<String> sorted = names.stream().sorted().toList();
    return new Own(sorted, CertificateAuthority.ofHosts(keys, sorted, clock), clock);
  }

  /** The name of this machine and its addresses. */
  public static Set<String> ofMachine() throws IOException {
    Set<String> names = new LinkedHashSet<>();
    names.add(InetAddress.getLocalHost().getHostName().toLowerCase(Locale.ROOT));
    for (NetworkInterface each : NetworkInterface.networkInterfaces().toList()) {
      each.getInterfaceAddresses().stream().map(InterfaceAddress::getAddress)
          .filter(address -> !address.isLoopbackAddress() && !address.isLinkLocalAddress())
          .map(address -> address.getHostAddress().replaceFirst("%.*", "")).forEach(names::add);
    }
    return names;
  }

  private static PrivateKey key(Path file) throws IOException {
    try (Reader reader = Files.newBufferedReader(file); PEMParser parser = new PEMParser(reader)) {
      JcaPEMKeyConverter converter = new JcaPEMKeyConverter();
      return switch (parser.readObject()) {
        case PEMKeyPair pair -> converter.getPrivateKey(pair.getPrivateKeyInfo());
        case PrivateKeyInfo plain -> converter.getPrivateKey(plain);
        case null, default -> throw new IOException(file + " holds no private key that is not encrypted");
      };
    }
  }

  /** Whether a name is an address, which has no names below it. */
  public static boolean isAddress(String name) {
    return ADDRESS.matcher(name).matches();
  }

  /** The host names and addresses, lower case, beside localhost. */
  public Set<String> names() {
    return names;
  }

  /** Whether a host is one of the names, or one of Studio's below them. */
  boolean answersFor(String host) {
    return names.stream().anyMatch(name -> host.equals(name) || host.equals(STUDIO + name)
        || host.endsWith("." + STUDIO + name));
  }

  /** The certificate to show to who names this machine, or nothing at all. */
  abstract Leaf leaf() throws GeneralSecurityException, IOException;

  /** What clients must trust for it, PEM; empty when there is nothing of its own to trust. */
  public abstract String pem() throws GeneralSecurityException;

  private static final class Local extends HostIdentity {
    Local() {
      super(List.of());
    }

    @Override
    Leaf leaf() {
      throw new IllegalStateException("no other machine reaches this one");
    }

    @Override
    public String pem() {
      return "";
    }
  }

  private static final class Given extends HostIdentity {
    private final Leaf leaf;
    private final String pem;

    Given(Collection<String> names, Leaf leaf, String pem) {
      super(names);
      this.leaf = leaf;
      this.pem = pem;
    }

    @Override
    Leaf leaf() {
      return leaf;
    }

    @Override
    public String pem() {
      return pem.endsWith("\n") ? pem : pem + "\n";
    }
  }

  private static final class Own extends HostIdentity {
    private final CertificateAuthority authority;
    private final List<String> hosts;
    private final Clock clock;
    private Leaf leaf;

    Own(List<String> names, CertificateAuthority authority, Clock clock) {
      super(names);
      this.authority = authority;
      this.clock = clock;
      this.hosts = new ArrayList<>(names);
      names.stream().filter(name -> !isAddress(name))
          .forEach(name -> hosts.addAll(List.of(STUDIO + name, "*." + STUDIO + name)));
      hosts.addAll(List.of("localhost", "127.0.0.1"));
    }

    @Override
    synchronized Leaf leaf() throws GeneralSecurityException, IOException {
      if (leaf == null || clock.instant().isAfter(leaf.until().minus(Duration.ofDays(1)))) {
        leaf = authority.mint(hosts);
      }
      return leaf;
    }

    @Override
    public String pem() throws GeneralSecurityException {
      return authority.pem();
    }
  }
}
