package dev.atelier.identity;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;

/** Hashes of passwords by Argon2id, with the parameters beside the hash. */
final class PasswordHash {
  private static final int MEMORY_KIB = 19_456;
  private static final int ROUNDS = 2;
  private static final int LENGTH = 32;
  private static final SecureRandom RANDOM = new SecureRandom();

  private PasswordHash() {}

  /** A hash with a fresh salt, as {@code argon2id$19456$2$salt$hash}. */
  static String of(String password) {
    byte[] salt = new byte[16];
    RANDOM.nextBytes(salt);
    return String.join("$", "argon2id", Integer.toString(MEMORY_KIB), Integer.toString(ROUNDS), text(salt),
        text(hash(password, salt, MEMORY_KIB, ROUNDS)));
  }

  static boolean matches(String hash, String password) {
    String[] parts = hash.split("\\$");
    byte[] salt = Base64.getDecoder().decode(parts[3]);
    return MessageDigest.isEqual(Base64.getDecoder().decode(parts[4]),
        hash(password, salt, Integer.parseInt(parts[1]), Integer.parseInt(parts[2])));
  }

  private static byte[] hash(String password, byte[] salt, int memory, int rounds) {
    Argon2BytesGenerator generator = new Argon2BytesGenerator();
    generator.init(new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
        .withMemoryAsKB(memory).withIterations(rounds).withParallelism(1).withSalt(salt).build());
    byte[] out = new byte[LENGTH];
    generator.generateBytes(password.getBytes(StandardCharsets.UTF_8), out);
    return out;
  }

  private static String text(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }
}
