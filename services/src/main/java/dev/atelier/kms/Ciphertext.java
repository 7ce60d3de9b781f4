package dev.atelier.kms;

import dev.atelier.kernel.Fault;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * A ciphertext blob: one byte of format, the key's UUID, the generation of its material, a nonce, and the plaintext
 * under AES-256-GCM. The encryption context and all that stands before the nonce are authenticated with it.
 */
record Ciphertext(String keyId, int generation, byte[] nonce, byte[] sealed) {
  private static final byte FORMAT = 1;
  private static final int NONCE = 12;
  private static final int TAG_BITS = 128;
  private static final SecureRandom RANDOM = new SecureRandom();

  /** Encrypts with one generation of a key's material. */
  static Ciphertext seal(String keyId, int generation, byte[] material, byte[] plaintext, Map<String, String> context) {
    byte[] nonce = new byte[NONCE];
    RANDOM.nextBytes(nonce);
    try {
      byte[] sealed = cipher(Cipher.ENCRYPT_MODE, material, nonce, header(keyId, generation), context)
          .doFinal(plaintext);
      return new Ciphertext(keyId, generation, nonce, sealed);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES-GCM is not available", e);
    }
  }

  /** @throws Fault InvalidCiphertextException: another context, or changed */
  byte[] open(byte[] material, Map<String, String> context) {
    try {
      return cipher(Cipher.DECRYPT_MODE, material, nonce, header(keyId, generation), context).doFinal(sealed);
    } catch (GeneralSecurityException e) {
      throw KmsFault.invalidCiphertext();
    }
  }

  byte[] blob() {
    byte[] header = header(keyId, generation);
    return ByteBuffer.allocate(header.length + nonce.length + sealed.length)
        .put(header).put(nonce).put(sealed).array();
  }

  /** @throws Fault InvalidCiphertextException */
  static Ciphertext parse(byte[] blob) {
    ByteBuffer bytes = ByteBuffer.wrap(blob);
    try {
      if (bytes.get() != FORMAT) {
        throw KmsFault.invalidCiphertext();
      }
      String id = new UUID(bytes.getLong(), bytes.getLong()).toString();
      int generation = bytes.getInt();
      byte[] nonce = new byte[NONCE];
      bytes.get(nonce);
      byte[] sealed = new byte[bytes.remaining()];
      bytes.get(sealed);
      return new Ciphertext(id, generation, nonce, sealed);
    } catch (BufferUnderflowException e) {
      throw KmsFault.invalidCiphertext();
    }
  }

  private static byte[] header(String keyId, int generation) {
    UUID id = UUID.fromString(keyId);
    return ByteBuffer.allocate(1 + 16 + 4).put(FORMAT).putLong(id.getMostSignificantBits())
        .putLong(id.getLeastSignificantBits()).putInt(generation).array();
  }

  private static Cipher cipher(int mode, byte[] material, byte[] nonce, byte[] header, Map<String, String> context)
      throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(mode, new SecretKeySpec(material, "AES"), new GCMParameterSpec(TAG_BITS, nonce));
    cipher.updateAAD(header);
    // lengths before texts: no two contexts have the same bytes
    new TreeMap<>(context).forEach((name, value) -> {
      update(cipher, name);
      update(cipher, value);
    });
    return cipher;
  }

  private static void update(Cipher cipher, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    cipher.updateAAD(ByteBuffer.allocate(4).putInt(bytes.length).array());
    cipher.updateAAD(bytes);
  }
}
