package dev.atelier.identity;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;

/** Random identifiers of IAM's forms: four letters that tell the kind, then characters of AWS's alphabet. */
final class UniqueId {
  private static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  private static final String SECRET_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  private static final SecureRandom RANDOM = new SecureRandom();

  private UniqueId() {}

  /** An id such as {@code AROA} followed by 17 characters, or an access key id ({@code AKIA}, {@code ASIA}) of 20. */
  static String of(String prefix) {
    return prefix + characters(ALPHABET, prefix.endsWith("IA") ? 16 : 17);
  }

  /** An id that is always the same for the same name. */
  static String derived(String prefix, String name) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(name.getBytes(StandardCharsets.UTF_8));
      StringBuilder out = new StringBuilder(prefix);
      for (int i = 0; i < 17; i++) {
        out.append(ALPHABET.charAt(hash[i] & 31));
      }
      return out.toString();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A secret access key: 40 characters, about 238 bits. */
  static String secret() {
    return characters(SECRET_ALPHABET, 40);
  }

  /** A session token; its length is that of short AWS tokens, since clients hold it in headers and files. */
  static String token() {
    return characters(SECRET_ALPHABET, 200);
  }

  private static String characters(String alphabet, int count) {
    StringBuilder out = new StringBuilder(count);
    for (int i = 0; i < count; i++) {
      out.append(alphabet.charAt(RANDOM.nextInt(alphabet.length())));
    }
    return out.toString();
  }
}
