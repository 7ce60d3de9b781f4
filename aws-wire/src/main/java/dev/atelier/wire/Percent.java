package dev.atelier.wire;

import dev.atelier.kernel.Fault;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Percent-encoding as AWS signs it: everything but letters, digits and {@code -._~}, in upper-case hexadecimal. */
final class Percent {
  private static final String HEX = "0123456789ABCDEF";

  private Percent() {}

  static String encode(byte[] bytes, boolean keepSlash) {
    StringBuilder out = new StringBuilder(bytes.length + 16);
    for (byte b : bytes) {
      if (unreserved(b) || keepSlash && b == '/') {
        out.append((char) b);
      } else {
        out.append('%').append(HEX.charAt(b >> 4 & 15)).append(HEX.charAt(b & 15));
      }
    }
    return out.toString();
  }

  private static boolean unreserved(byte b) {
    return b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b >= '0' && b <= '9'
        || b == '-' || b == '.' || b == '_' || b == '~';
  }

  /** The bytes behind an encoded text; a percent sign without two digits stands for itself. */
  static byte[] bytes(String encoded, boolean plusIsSpace) {
    byte[] raw = encoded.getBytes(StandardCharsets.UTF_8);
    ByteArrayOutputStream out = new ByteArrayOutputStream(raw.length);
    for (int i = 0; i < raw.length; i++) {
      int high = raw[i] == '%' && i + 2 < raw.length ? Character.digit(raw[i + 1], 16) : -1;
      int low = high >= 0 ? Character.digit(raw[i + 2], 16) : -1;
      if (low >= 0) {
        out.write(high << 4 | low);
        i += 2;
      } else {
        out.write(plusIsSpace && raw[i] == '+' ? ' ' : raw[i]);
      }
    }
    return out.toByteArray();
  }

  /** The text behind an encoded text, decoded exactly once. Throws a Fault when it is not UTF-8. */
  static String decode(String encoded, boolean plusIsSpace) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes(encoded, plusIsSpace))).toString();
    } catch (CharacterCodingException notUtf8) {
      throw new Fault("InvalidURI", 400, "Couldn't parse the specified URI.");
    }
  }
}
