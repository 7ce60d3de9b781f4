package dev.atelier.server.http;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** What users have on their phones: codes of RFC 6238, of its own making. */
final class Authenticator {
  private final byte[] seed;

  /** @param answered CreateVirtualMFADevice's seed: base64 of base32 */
  Authenticator(String answered) {
    BigInteger bits = BigInteger.ZERO;
    String text = new String(Base64.getDecoder().decode(answered.strip()), StandardCharsets.UTF_8);
    for (char letter : text.toCharArray()) {
      bits = bits.shiftLeft(5).or(BigInteger.valueOf("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(letter)));
    }
    int size = text.length() * 5 / 8;
    byte[] bytes = bits.toByteArray();
    seed = new byte[size];
    byte[] tail = Arrays.copyOfRange(bytes, Math.max(0, bytes.length - size), bytes.length);
    System.arraycopy(tail, 0, seed, size - tail.length, tail.length);
  }

  /** @param step half minutes since 1970 */
  String code(long step) throws Exception {
    Mac mac = Mac.getInstance("HmacSHA1");
    mac.init(new SecretKeySpec(seed, "RAW"));
    byte[] hash = mac.doFinal(ByteBuffer.allocate(8).putLong(step).array());
    int number = ByteBuffer.wrap(hash, hash[19] & 0xf, 4).getInt() & Integer.MAX_VALUE;
    return String.format("%06d", number % 1_000_000);
  }
}
