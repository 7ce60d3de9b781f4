package dev.atelier.kms;

import dev.atelier.kernel.AccountId;
import dev.atelier.kernel.Caller;
import dev.atelier.kernel.Fault;
import dev.atelier.kernel.Region;
import dev.atelier.kms.KeyAccess.Circumstances;
import java.util.Map;
import java.util.Optional;

/** The keys as other services of Atelier use them, in the name of whoever asked the service. */
public final class Keyring {
  private static final int DATA_KEY = 32;

  private final Keys keys;
  private final Materials materials;
  private final KeyAccess access;

  Keyring(Keys keys, Materials materials, KeyAccess access) {
    this.keys = keys;
    this.materials = materials;
    this.access = access;
  }

  /**
   * A key to encrypt data with.
   *
   * @param plaintext 32 bytes, to be forgotten after use
   * @param sealed the same under the key of KMS, to be kept beside the data
   * @param keyArn the key of KMS
   */
  public record DataKey(byte[] plaintext, byte[] sealed, String keyArn) {
    @Override
    public String toString() {
      return "DataKey[" + keyArn + "]";
    }
  }

  /** The ARN of the key that an id, an ARN or an alias names; empty when there is none. */
  public Optional<String> arn(Caller caller, String keyId) {
    try {
      return Optional.of(keys.require(caller, keyId).arn().toString());
    } catch (Fault absent) {
      // whoever uses the name is told what is wrong with it
      return Optional.empty();
    }
  }

  /**
   * Returns when the caller may grant a service the use of the key, which is how volumes are encrypted on AWS.
   *
   * @param via as {@link #generate}
   * @throws Fault as {@link #generate}
   */
  public void requireGrantable(Caller caller, String keyId, String via) {
    usable(access.require(keys, caller, "CreateGrant", keyId, circumstances(Map.of(), via)));
  }

  /**
   * A data key under the key that {@code keyId} names.
   *
   * @param via the service that asks, such as {@code s3}
   * @throws Fault NotFoundException, DisabledException, KMSInvalidStateException, AccessDeniedException
   */
  public DataKey generate(Caller caller, String keyId, Map<String, String> context, String via) {
    Key key = access.require(keys, caller, "GenerateDataKey", keyId, circumstances(context, via));
    return generate(usable(key), context);
  }

  /** A data key under the key that AWS manages for a service in an account. */
  public DataKey generate(AccountId account, Region region, String service, Map<String, String> context) {
    return generate(keys.managed(account, region, "alias/aws/" + service), context);
  }

  private DataKey generate(Key key, Map<String, String> context) {
    byte[] plaintext = materials.random(DATA_KEY);
    return new DataKey(plaintext, materials.encrypt(key, plaintext, context), key.arn().toString());
  }

  /**
   * Returns when the caller may decrypt what the key sealed.
   *
   * @throws Fault as {@link #generate}
   */
  public void authoriseDecrypt(Caller caller, byte[] sealed, Map<String, String> context, String via) {
    access.authorise(caller, "Decrypt", keyOf(sealed), circumstances(context, via));
  }

  /**
   * The data key that was sealed. Whether the caller may have it was asked before.
   *
   * @throws Fault DisabledException, KMSInvalidStateException, InvalidCiphertextException
   */
  public byte[] open(byte[] sealed, Map<String, String> context) {
    return materials.decrypt(keyOf(sealed), Ciphertext.parse(sealed), context);
  }

  private Key keyOf(byte[] sealed) {
    return usable(keys.find(Ciphertext.parse(sealed).keyId()).orElseThrow(() ->
        KmsFault.notFound("The key that the data was encrypted with does not exist any more.")));
  }

  private static Circumstances circumstances(Map<String, String> context, String via) {
    return new Circumstances(context, Optional.of(via), Optional.empty());
  }

  /** @throws Fault DisabledException, KMSInvalidStateException */
  static Key usable(Key key) {
    if (key.deletion().isPresent()) {
      throw KmsFault.pendingDeletion(key);
    }
    if (!key.enabled()) {
      throw KmsFault.disabled(key);
    }
    return key;
  }
}
