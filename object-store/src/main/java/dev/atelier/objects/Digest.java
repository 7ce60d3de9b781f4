package dev.atelier.objects;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.zip.Checksum;

/** A running digest over bytes. */
interface Digest {

  void update(byte[] bytes, int offset, int length);

  /** The digest; nothing is added afterwards. */
  byte[] value();

  default String base64() {
    return Base64.getEncoder().encodeToString(value());
  }

  static String hex(byte[] value) {
    return HexFormat.of().formatHex(value);
  }

  static Digest of(Checksum checksum, int length) {
    return new Digest() {
      @Override
      public void update(byte[] bytes, int offset, int count) {
        checksum.update(bytes, offset, count);
      }

      @Override
      public byte[] value() {
        byte[] whole = ByteBuffer.allocate(Long.BYTES).putLong(checksum.getValue()).array();
        return Arrays.copyOfRange(whole, Long.BYTES - length, Long.BYTES);
      }
    };
  }

  static Digest of(String algorithm) {
    MessageDigest digest;
    try {
      digest = MessageDigest.getInstance(algorithm);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
    return new Digest() {
      @Override
      public void update(byte[] bytes, int offset, int count) {
        digest.update(bytes, offset, count);
      }

      @Override
      public byte[] value() {
        return digest.digest();
      }
    };
  }
}
