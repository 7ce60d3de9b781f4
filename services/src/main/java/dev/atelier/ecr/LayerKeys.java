package dev.atelier.ecr;

import dev.atelier.ecr.Repository.Encryption;
import dev.atelier.kernel.Caller;
import dev.atelier.kernel.Fault;
import dev.atelier.kms.Keyring;
import dev.atelier.metadata.Secrets;
import dev.atelier.objects.ContentKey;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The keys that layers are encrypted with on disk: one for each repository, kept sealed beside it. Each layer's content
 * is encrypted with a key derived from it and a salt of the layer's own.
 */
final class LayerKeys {
  static final String AES256 = "AES256";
  private static final String SERVICE = "ecr";

  private final Secrets secrets;
  private final Keyring keyring;
  private final SecureRandom random = new SecureRandom();

  LayerKeys(Secrets secrets, Keyring keyring) {
    this.secrets = secrets;
    this.keyring = keyring;
  }

  /**
   * A key for a new repository.
   *
   * @param type AES256, or KMS
   * @param kmsKey the key of KMS; without one AWS's for ECR
   * @throws Fault KmsException
   */
  Encryption fresh(Caller caller, String repository, String type, Optional<String> kmsKey) {
    if (type.equals(AES256)) {
      if (kmsKey.isPresent()) {
        throw EcrFault.invalid("kmsKey", "must not be given when encryptionType is AES256");
      }
      byte[] key = new byte[ContentKey.LENGTH];
      random.nextBytes(key);
      return new Encryption(type, Optional.empty(), secrets.seal(key, context(repository)));
    }
    if (!type.equals("KMS")) {
      throw EcrFault.of("UnsupportedOperation", "encryptionConfiguration.encryptionType " + type
          + " of ecr:CreateRepository is not supported by this version of Atelier.");
    }
    Keyring.DataKey made = ofKms(() -> kmsKey.isPresent()
        ? keyring.generate(caller, kmsKey.get(), ofRepository(repository), SERVICE)
        : keyring.generate(caller.account(), caller.region(), SERVICE, ofRepository(repository)));
    return new Encryption(type, Optional.of(made.keyArn()), Base64.getEncoder().encodeToString(made.sealed()));
  }

  /** @throws Fault KmsException: the key of KMS is disabled or gone */
  ContentKey open(Repository repository) {
    Encryption encryption = repository.encryption();
    if (encryption.type().equals(AES256)) {
      return new ContentKey(secrets.unseal(encryption.dataKey(), context(repository.id())));
    }
    return ofKms(() -> new ContentKey(
        keyring.open(Base64.getDecoder().decode(encryption.dataKey()), ofRepository(repository.id()))));
  }

  private static String context(String repository) {
    return "ecr-repository/" + repository;
  }

  private static Map<String, String> ofRepository(String id) {
    return Map.of("aws:ecr:repository", id);
  }

  private static <T> T ofKms(Supplier<T> work) {
    try {
      return work.get();
    } catch (Fault fault) {
      throw new Fault("KmsException", 400, fault.getMessage(), Map.of("kmsError", fault.code()));
    }
  }
}
