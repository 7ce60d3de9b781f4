package dev.atelier.server.tls;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.GeneralSubtree;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.NameConstraints;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Signs short-lived leaf certificates for the hosts that Atelier answers for. */
public final class CertificateAuthority {
  private static final Duration LIFE = Duration.ofDays(3650);
  private static final Duration LEAF_LIFE = Duration.ofDays(7);
  private static final String ALIAS = "ca";
  private static final char[] STORE_PASSWORD = "atelier".toCharArray();
  private static final SecureRandom RANDOM = new SecureRandom();

  private final PrivateKey key;
  private final X509Certificate certificate;
  private final Clock clock;

  private CertificateAuthority(PrivateKey key, X509Certificate certificate, Clock clock) {
    this.key = key;
    this.certificate = certificate;
    this.clock = clock;
  }

  /** A key with its certificate chain, leaf first. */
  public record Leaf(PrivateKey key, X509Certificate[] chain, Instant until) {}

  /**
   * The authority of a data folder, made on first use.
   *
   * @param keys the folder of secrets, readable by the server's user alone; it protects the key store, whose format
   *     demands a password all the same
   */
  public static CertificateAuthority open(Path keys, Clock clock) throws IOException, GeneralSecurityException {
    return open(keys.resolve("ca.p12"), List.copyOf(ServedHosts.AWS_DOMAINS), clock);
  }

  /** The authority of the names and addresses by which other machines reach this one, made when they are new. */
  public static CertificateAuthority ofHosts(Path keys, List<String> hosts, Clock clock)
      throws IOException, GeneralSecurityException {
    byte[] print = MessageDigest.getInstance("SHA-256")
        .digest(String.join(" ", hosts).getBytes(StandardCharsets.UTF_8));
    return open(keys.resolve("hosts-" + HexFormat.of().formatHex(print, 0, 8) + ".p12"), hosts, clock);
  }

  private static CertificateAuthority open(Path file, List<String> hosts, Clock clock)
      throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    if (Files.exists(file)) {
      try (InputStream in = Files.newInputStream(file)) {
        store.load(in, STORE_PASSWORD);
      }
    } else {
      store.load(null, STORE_PASSWORD);
      KeyPair pair = newKeyPair();
      store.setKeyEntry(ALIAS, pair.getPrivate(), STORE_PASSWORD, new Certificate[] {selfSigned(pair, hosts, clock)});
      write(store, file);
    }
    return new CertificateAuthority((PrivateKey) store.getKey(ALIAS, STORE_PASSWORD),
        (X509Certificate) store.getCertificate(ALIAS), clock);
  }

  private static void write(KeyStore store, Path file) throws IOException, GeneralSecurityException {
    Path half = file.resolveSibling(file.getFileName() + ".new");
    Files.deleteIfExists(half);
    Files.createFile(half, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    try (OutputStream out = Files.newOutputStream(half, StandardOpenOption.WRITE)) {
      store.store(out, STORE_PASSWORD);
    }
    Files.move(half, file, StandardCopyOption.ATOMIC_MOVE);
  }

  /** The authority's certificate in PEM form, for bundles of trust. */
  public String pem() throws GeneralSecurityException {
    return "-----BEGIN CERTIFICATE-----\n"
        + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(certificate.getEncoded())
        + "\n-----END CERTIFICATE-----\n";
  }

  /** A certificate for these names and addresses, valid for days. */
  public Leaf mint(List<String> hosts) throws GeneralSecurityException, IOException {
    KeyPair pair = newKeyPair();
    Instant now = clock.instant();
    Instant until = now.plus(LEAF_LIFE);
    X500Name subject = new X500Name("CN=Atelier");
    JcaX509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
        new X500Name(certificate.getSubjectX500Principal().getName()), serial(),
        Date.from(now.minus(Duration.ofHours(1))), Date.from(until), subject, pair.getPublic());
    JcaX509ExtensionUtils extensions = new JcaX509ExtensionUtils();
    builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
    builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
    builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth));
    builder.addExtension(Extension.authorityKeyIdentifier, false,
        extensions.createAuthorityKeyIdentifier(certificate.getPublicKey()));
    builder.addExtension(Extension.subjectKeyIdentifier, false,
        extensions.createSubjectKeyIdentifier(pair.getPublic()));
    GeneralName[] names = hosts.stream()
        .map(host -> new GeneralName(isAddress(host) ? GeneralName.iPAddress : GeneralName.dNSName, host))
        .toArray(GeneralName[]::new);
    builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(names));
    return new Leaf(pair.getPrivate(), new X509Certificate[] {sign(builder, key), certificate}, until);
  }

  private static boolean isAddress(String host) {
    return host.matches("[0-9.]+") || host.indexOf(':') >= 0;
  }

  private static X509Certificate selfSigned(KeyPair pair, List<String> hosts, Clock clock) throws GeneralSecurityException, IOException {
    Instant now = clock.instant();
    X500Name name = new X500Name("CN=Atelier local authority " + Long.toHexString(RANDOM.nextLong()));
    JcaX509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(name, serial(),
        Date.from(now.minus(Duration.ofHours(1))), Date.from(now.plus(LIFE)), name, pair.getPublic());
    builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
    builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
    builder.addExtension(Extension.subjectKeyIdentifier, false,
        new JcaX509ExtensionUtils().createSubjectKeyIdentifier(pair.getPublic()));
    builder.addExtension(Extension.nameConstraints, true, new NameConstraints(permitted(hosts), null));
    return sign(builder, pair.getPrivate());
  }

  /** These hosts, localhost and loopback addresses: whoever trusts this authority trusts it for nothing else. */
  private static GeneralSubtree[] permitted(List<String> hosts) {
    Stream<GeneralName> named = Stream.concat(hosts.stream(), Stream.of("localhost", "127.0.0.0/8", "::1/128"))
        .map(host -> isAddress(host.replaceFirst("/.*", ""))
            ? new GeneralName(GeneralName.iPAddress, host.indexOf('/') >= 0 ? host : host + (host.indexOf(':') >= 0 ? "/128" : "/32"))
            : new GeneralName(GeneralName.dNSName, host));
    return named.map(GeneralSubtree::new).toArray(GeneralSubtree[]::new);
  }

  private static KeyPair newKeyPair() throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(256);
    return generator.generateKeyPair();
  }

  private static BigInteger serial() {
    return new BigInteger(127, RANDOM).add(BigInteger.ONE);
  }

  private static X509Certificate sign(JcaX509v3CertificateBuilder builder, PrivateKey key)
      throws GeneralSecurityException {
    try {
      return new JcaX509CertificateConverter()
          .getCertificate(builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(key)));
    } catch (OperatorCreationException e) {
      throw new GeneralSecurityException(e);
    }
  }
}
