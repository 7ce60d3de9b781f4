package dev.atelier.kms;

import dev.atelier.kernel.Caller;
import dev.atelier.kernel.Fault;
import dev.atelier.kms.KeyAccess.Circumstances;
import dev.atelier.models.kms.DecryptRequest;
import dev.atelier.models.kms.DecryptResponse;
import dev.atelier.models.kms.EncryptRequest;
import dev.atelier.models.kms.EncryptResponse;
import dev.atelier.models.kms.GenerateDataKeyRequest;
import dev.atelier.models.kms.GenerateDataKeyResponse;
import dev.atelier.models.kms.GenerateDataKeyWithoutPlaintextRequest;
import dev.atelier.models.kms.GenerateDataKeyWithoutPlaintextResponse;
import dev.atelier.models.kms.GenerateRandomRequest;
import dev.atelier.models.kms.GenerateRandomResponse;
import dev.atelier.models.kms.KmsOperations;
import dev.atelier.models.kms.ReEncryptRequest;
import dev.atelier.models.kms.ReEncryptResponse;
import dev.atelier.operation.OperationTable;
import java.util.Map;

/** Encryption and data keys. */
final class CryptographicApi {
  private static final String ALGORITHM = "SYMMETRIC_DEFAULT";

  private final Keys keys;
  private final Materials materials;
  private final KeyAccess access;

  CryptographicApi(Keys keys, Materials materials, KeyAccess access) {
    this.keys = keys;
    this.materials = materials;
    this.access = access;
  }

  void register(OperationTable table) {
    table.on(KmsOperations.encrypt(), this::encrypt)
        .on(KmsOperations.decrypt(), this::decrypt)
        .on(KmsOperations.reEncrypt(), this::reEncrypt)
        .on(KmsOperations.generateDataKey(), this::generateDataKey)
        .on(KmsOperations.generateDataKeyWithoutPlaintext(), this::generateDataKeyWithoutPlaintext)
        .on(KmsOperations.generateRandom(), this::generateRandom);
  }

  EncryptResponse encrypt(Caller caller, EncryptRequest request) {
    requireAlgorithm(request.encryptionAlgorithm());
    Key key = authorised(caller, "Encrypt", request.keyId(), request.encryptionContext());
    refuseDryRun(request.dryRun());
    byte[] blob = materials.encrypt(key, request.plaintext(), request.encryptionContext());
    return EncryptResponse.builder().ciphertextBlob(blob).keyId(key.arn().toString()).encryptionAlgorithm(ALGORITHM)
        .build();
  }

  DecryptResponse decrypt(Caller caller, DecryptRequest request) {
    requireAlgorithm(request.encryptionAlgorithm());
    refuseRecipient(request.recipient());
    Source source = source(caller, "Decrypt", request.ciphertextBlob(), request.keyId(), request.encryptionContext());
    refuseDryRun(request.dryRun());
    return DecryptResponse.builder()
        .keyId(source.key().arn().toString())
        .plaintext(materials.decrypt(source.key(), source.ciphertext(), request.encryptionContext()))
        .encryptionAlgorithm(ALGORITHM).build();
  }

  ReEncryptResponse reEncrypt(Caller caller, ReEncryptRequest request) {
    requireAlgorithm(request.sourceEncryptionAlgorithm());
    requireAlgorithm(request.destinationEncryptionAlgorithm());
    Source source = source(caller, "ReEncryptFrom", request.ciphertextBlob(), request.sourceKeyId(),
        request.sourceEncryptionContext());
    Key target = authorised(caller, "ReEncryptTo", request.destinationKeyId(), request.destinationEncryptionContext());
    refuseDryRun(request.dryRun());
    byte[] plaintext = materials.decrypt(source.key(), source.ciphertext(), request.sourceEncryptionContext());
    return ReEncryptResponse.builder()
        .ciphertextBlob(materials.encrypt(target, plaintext, request.destinationEncryptionContext()))
        .sourceKeyId(source.key().arn().toString()).keyId(target.arn().toString())
        .sourceEncryptionAlgorithm(ALGORITHM).destinationEncryptionAlgorithm(ALGORITHM).build();
  }

  GenerateDataKeyResponse generateDataKey(Caller caller, GenerateDataKeyRequest request) {
    refuseRecipient(request.recipient());
    int length = length(request.keySpec(), request.numberOfBytes());
    Key key = authorised(caller, "GenerateDataKey", request.keyId(), request.encryptionContext());
    refuseDryRun(request.dryRun());
    byte[] plaintext = materials.random(length);
    return GenerateDataKeyResponse.builder().plaintext(plaintext).keyId(key.arn().toString())
        .ciphertextBlob(materials.encrypt(key, plaintext, request.encryptionContext())).build();
  }

  GenerateDataKeyWithoutPlaintextResponse generateDataKeyWithoutPlaintext(Caller caller,
      GenerateDataKeyWithoutPlaintextRequest request) {
    int length = length(request.keySpec(), request.numberOfBytes());
    Key key = authorised(caller, "GenerateDataKeyWithoutPlaintext", request.keyId(), request.encryptionContext());
    refuseDryRun(request.dryRun());
    return GenerateDataKeyWithoutPlaintextResponse.builder().keyId(key.arn().toString())
        .ciphertextBlob(materials.encrypt(key, materials.random(length), request.encryptionContext())).build();
  }

  GenerateRandomResponse generateRandom(Caller caller, GenerateRandomRequest request) {
    refuseRecipient(request.recipient());
    if (request.customKeyStoreId() != null) {
      throw new Fault("CustomKeyStoreNotFoundException", 400,
          "The custom key store " + request.customKeyStoreId() + " does not exist.");
    }
    if (request.numberOfBytes() == null) {
      throw Fault.validation("NumberOfBytes is required.");
    }
    return GenerateRandomResponse.builder().plaintext(materials.random(request.numberOfBytes())).build();
  }

  private record Source(Key key, Ciphertext ciphertext) {}

  private Source source(Caller caller, String action, byte[] blob, String keyId, Map<String, String> context) {
    if (blob == null) {
      throw KmsFault.invalidCiphertext();
    }
    Ciphertext ciphertext = Ciphertext.parse(blob);
    // a key that is gone and a key of somebody else's look the same
    Key key = keys.find(ciphertext.keyId()).filter(each -> each.region().equals(caller.region()))
        .orElseThrow(() -> Fault.accessDenied("The ciphertext refers to a customer master key that does not exist, does"
            + " not exist in this region, or you are not allowed to access."));
    access.authorise(caller, action, key, Circumstances.of(context, keyId));
    if (keyId != null && !keys.require(caller, keyId).id().equals(key.id())) {
      throw new Fault("IncorrectKeyException", 400,
          "The key ID in the request does not identify a CMK that can perform this operation.");
    }
    return new Source(Keyring.usable(key), ciphertext);
  }

  private Key authorised(Caller caller, String action, String keyId, Map<String, String> context) {
    return Keyring.usable(access.require(keys, caller, action, keyId, Circumstances.of(context, keyId)));
  }

  private static int length(String spec, Integer bytes) {
    if ((spec == null) == (bytes == null)) {
      throw Fault.validation("Please specify either number of bytes or key spec.");
    }
    return bytes != null ? bytes : spec.equals("AES_128") ? 16 : 32;
  }

  private static void requireAlgorithm(String algorithm) {
    if (algorithm != null && !algorithm.equals(ALGORITHM)) {
      throw new Fault("InvalidKeyUsageException", 400,
          "Encryption algorithm " + algorithm + " cannot be used with a symmetric key.");
    }
  }

  private static void refuseDryRun(Boolean dryRun) {
    if (Boolean.TRUE.equals(dryRun)) {
      throw new Fault("DryRunOperationException", 400,
          "The request would have succeeded, but the DryRun option is set.");
    }
  }

  private static void refuseRecipient(Object recipient) {
    if (recipient != null) {
      throw KmsFault.unsupported("Recipient is for enclaves, which this version of Atelier does not have.");
    }
  }
}
