package dev.atelier.identity;

import dev.atelier.identity.RecordStore.Entry;
import dev.atelier.identity.RecordStore.Kind;
import dev.atelier.kernel.AccountId;
import dev.atelier.kernel.Fault;
import dev.atelier.metadata.Secrets;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** The rules of server certificates, and of users' signing certificates and SSH keys. Private keys are sealed. */
final class Certificates {
  private static final int SSH_KEYS_PER_USER = 5;

  private final RecordStore records;
  private final Users users;
  private final Secrets secrets;
  private final Clock clock;

  Certificates(RecordStore records, Users users, Secrets secrets, Clock clock) {
    this.records = records;
    this.users = users;
    this.secrets = secrets;
    this.clock = clock;
  }

  /** A server's certificate; {@code key} is the sealed private key. */
  record Server(String path, String body, String chain, String key, long expires) {
    @Override
    public String toString() {
      return "Server[" + path + "]";
    }
  }

  /** Something public of a user that can be switched off: a certificate or an SSH key. */
  record Public(String body, boolean active) {}

  Entry<Server> upload(AccountId account, String name, Server plain, List<EntityTags.Tag> tags) {
    EntityTags.check(tags);
    X509Certificate certificate = certificate(plain.body());
    if (!plain.key().matches("(?s)\\s*-----BEGIN [A-Z ]*PRIVATE KEY-----.*-----END [A-Z ]*PRIVATE KEY-----\\s*")) {
      throw new Fault("MalformedCertificate", 400, "Unable to parse key; please validate the key.");
    }
    Quota.SERVER_CERTIFICATES.requireRoom(records.count(account, Kind.SERVER_CERTIFICATE));
    String id = UniqueId.of("ASCA");
    Entry<Server> entry = new Entry<>(id, account, "", name, clock.instant(),
        new Server(plain.path(), plain.body(), plain.chain(),
            secrets.seal(plain.key().getBytes(StandardCharsets.UTF_8), "server-certificate:" + id),
            certificate.getNotAfter().toInstant().getEpochSecond()));
    if (!records.insert(Kind.SERVER_CERTIFICATE, entry, tags)) {
      throw Users.entityExists("The Server Certificate with name " + name + " already exists.");
    }
    return entry;
  }

  Entry<Server> server(AccountId account, String name) {
    return records.find(account, Kind.SERVER_CERTIFICATE, name, Server.class).orElseThrow(() ->
        Users.noSuchEntity("The Server Certificate with name " + name + " cannot be found."));
  }

  List<Entry<Server>> servers(AccountId account) {
    return records.list(account, Kind.SERVER_CERTIFICATE, Server.class);
  }

  void rename(AccountId account, String name, Optional<String> newName, Optional<String> newPath) {
    Entry<Server> entry = server(account, name);
    newName.flatMap(wanted -> records.find(account, Kind.SERVER_CERTIFICATE, wanted, Server.class))
        .filter(other -> !other.id().equals(entry.id())).ifPresent(other -> {
          throw Users.entityExists("The Server Certificate with name " + other.name() + " already exists.");
        });
    Server old = entry.value();
    records.update(entry.named(newName.orElse(entry.name())).with(
        new Server(newPath.orElse(old.path()), old.body(), old.chain(), old.key(), old.expires())));
  }

  void deleteServer(AccountId account, String name) {
    records.delete(server(account, name));
  }

  /** Adds a signing certificate or an SSH key to a user; its record's name is its id. */
  Entry<Public> add(AccountId account, Kind kind, String userName, String body) {
    User user = users.require(account, userName);
    boolean ssh = kind == Kind.SSH_KEY;
    if (ssh) {
      fingerprint(body);
    } else {
      certificate(body);
    }
    List<Entry<Public>> present = of(account, kind, userName);
    int most = ssh ? SSH_KEYS_PER_USER : Quota.SIGNING_CERTIFICATES.most();
    if (present.size() >= most) {
      throw Users.limitExceeded(ssh ? "SSHPublicKeysPerUser" : "CertificatesPerUser", most);
    }
    if (present.stream().anyMatch(each -> each.value().body().strip().equals(body.strip()))) {
      throw new Fault(ssh ? "DuplicateSSHPublicKey" : "DuplicateCertificate", ssh ? 400 : 409,
          ssh ? "The SSH public key is already in use." : "The certificate is already in use.");
    }
    String id = UniqueId.of(ssh ? "APKA" : "ASIG");
    Entry<Public> entry = new Entry<>(id, account, user.name(), id, clock.instant(), new Public(body, true));
    records.insert(kind, entry, List.of());
    return entry;
  }

  List<Entry<Public>> of(AccountId account, Kind kind, String userName) {
    return records.ofUser(account, kind, users.require(account, userName).name(), Public.class);
  }

  Entry<Public> require(AccountId account, Kind kind, String userName, String id) {
    return of(account, kind, userName).stream().filter(each -> each.id().equals(id)).findFirst()
        .orElseThrow(() -> Users.noSuchEntity(kind == Kind.SSH_KEY
            ? "The Public Key with id " + id + " cannot be found."
            : "The Certificate with id " + id + " cannot be found."));
  }

  void setActive(AccountId account, Kind kind, String userName, String id, boolean active) {
    Entry<Public> entry = require(account, kind, userName, id);
    records.update(entry.with(new Public(entry.value().body(), active)));
  }

  void delete(AccountId account, Kind kind, String userName, String id) {
    records.delete(require(account, kind, userName, id));
  }

  /** The MD5 of an SSH key's bytes, as SSH clients print it. */
  static String fingerprint(String body) {
    String[] words = body.strip().split("\\s+");
    try {
      if (words.length < 2 || !words[0].equals("ssh-rsa")) {
        throw new Fault("InvalidPublicKey", 400, "The SSH public key is malformed or is not an RSA key.");
      }
      byte[] hash = MessageDigest.getInstance("MD5").digest(Base64.getDecoder().decode(words[1]));
      return HexFormat.ofDelimiter(":").formatHex(hash);
    } catch (IllegalArgumentException e) {
      throw new Fault("InvalidPublicKey", 400, "The SSH public key is malformed or is not an RSA key.");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static X509Certificate certificate(String pem) {
    try {
      return (X509Certificate) CertificateFactory.getInstance("X.509")
          .generateCertificate(new ByteArrayInputStream(pem.strip().getBytes(StandardCharsets.UTF_8)));
    } catch (CertificateException e) {
      throw new Fault("MalformedCertificate", 400,
          "Certificate body is invalid. The body must not contain more than one certificate or any invalid characters.");
    }
  }
}
