package dev.atelier.kms;

import dev.atelier.kms.KeyStore.Material;
import dev.atelier.metadata.MetadataStore;
import dev.atelier.metadata.Secrets;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** What keys encrypt with: made here, sealed at once, rotated when it is due, opened only to be used. */
final class Materials {
  private static final int BYTES = 32;

  private final MetadataStore database;
  private final KeyStore store;
  private final Secrets secrets;
  private final Clock clock;
  private final SecureRandom random = new SecureRandom();

  Materials(MetadataStore database, KeyStore store, Secrets secrets, Clock clock) {
    this.database = database;
    this.store = store;
    this.secrets = secrets;
    this.clock = clock;
  }

  Material fresh(String keyId, int number, String reason) {
    return new Material(number, secrets.seal(random(BYTES), context(keyId, number)),
        Instant.ofEpochMilli(clock.millis()), reason);
  }

  byte[] random(int bytes) {
    byte[] value = new byte[bytes];
    random.nextBytes(value);
    return value;
  }

  /** Encrypts with the present generation; a rotation that fell due happens first. */
  byte[] encrypt(Key key, byte[] plaintext, Map<String, String> context) {
    Material last = database.read(tx -> store.materials(tx, key.id())).getLast();
    if (KeyStore.nextRotation(key, last.created()).map(due -> !due.isAfter(clock.instant())).orElse(false)) {
      last = rotate(key, last.number(), "AUTOMATIC");
    }
    return Ciphertext.seal(key.id(), last.number(), open(key, last), plaintext, context).blob();
  }

  byte[] decrypt(Key key, Ciphertext ciphertext, Map<String, String> context) {
    List<Material> generations = database.read(tx -> store.materials(tx, key.id()));
    Material used = generations.stream().filter(each -> each.number() == ciphertext.generation()).findFirst()
        .orElseThrow(KmsFault::invalidCiphertext);
    return ciphertext.open(open(key, used), context);
  }

  /** Adds a generation, unless another caller has done so since {@code seen}. */
  Material rotate(Key key, int seen, String reason) {
    return database.write(tx -> {
      Material last = store.materials(tx, key.id()).getLast();
      if (last.number() != seen) {
        return last;
      }
      Material next = fresh(key.id(), seen + 1, reason);
      store.addMaterial(tx, key.id(), next);
      return next;
    });
  }

  private byte[] open(Key key, Material material) {
    return secrets.unseal(material.sealed(), context(key.id(), material.number()));
  }

  private static String context(String keyId, int number) {
    return "kms/" + keyId + "/" + number;
  }
}
