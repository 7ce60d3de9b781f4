package dev.atelier.objects;

import java.util.Map;
import java.util.Optional;

/**
 * The server-side encryption that an object was stored with.
 *
 * @param algorithm {@code AES256}, {@code aws:kms} or {@code aws:kms:dsse}
 * @param keyId the key of KMS, as it is echoed to clients
 * @param customerKeyMd5 Base64, when the key came with the request and must come again
 * @param sealedKey the content's key, sealed, Base64; empty when the content lies in the clear, as objects do that were
 *     stored before there was encryption
 * @param context what the client tied the sealed key to, beside the object's name
 */
public record Encryption(String algorithm, Optional<String> keyId, boolean bucketKey,
    Optional<String> customerKeyMd5, Optional<String> sealedKey, Map<String, String> context) {

  public Encryption {
    context = Map.copyOf(context);
  }

  /** One whose key is tied to the object's name alone. */
  public Encryption(String algorithm, Optional<String> keyId, boolean bucketKey,
      Optional<String> customerKeyMd5, Optional<String> sealedKey) {
    this(algorithm, keyId, bucketKey, customerKeyMd5, sealedKey, Map.of());
  }
}
