package dev.atelier.objects;

import dev.atelier.kernel.Fault;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;

/** Keys as the index orders them: UTF-8 bytes. */
final class ObjectKey {
  private static final int LONGEST = 1024;

  private ObjectKey() {}

  /** The bytes of a key that is to be stored; {@code KeyTooLongError} and {@code InvalidURI} for what S3 refuses. */
  static byte[] of(String key) {
    byte[] bytes = bytes(key);
    if (bytes.length > LONGEST) {
      throw new Fault("KeyTooLongError", 400, "Your key is too long", Map.of(
          "Size", Integer.toString(bytes.length), "MaxSizeAllowed", Integer.toString(LONGEST)));
    }
    if (bytes.length == 0) {
      throw S3Fault.invalidRequest("The key must not be empty.");
    }
    return bytes;
  }

  /** The bytes of a key or of a prefix or marker of one; half a surrogate pair is no text. */
  static byte[] bytes(String text) {
    try {
      ByteBuffer encoded = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
      return Arrays.copyOf(encoded.array(), encoded.limit());
    } catch (CharacterCodingException e) {
      throw S3Fault.of("InvalidURI", 400, "Couldn't parse the specified URI.");
    }
  }

  static String text(byte[] key) {
    return new String(key, StandardCharsets.UTF_8);
  }

  static boolean startsWith(byte[] key, byte[] prefix) {
    return key.length >= prefix.length && Arrays.equals(key, 0, prefix.length, prefix, 0, prefix.length);
  }

  /** The least byte string above all that start with {@code prefix}; empty when there is none. */
  static Optional<byte[]> after(byte[] prefix) {
    for (int at = prefix.length - 1; at >= 0; at--) {
      if (prefix[at] != (byte) 0xff) {
        byte[] next = Arrays.copyOf(prefix, at + 1);
        next[at]++;
        return Optional.of(next);
      }
    }
    return Optional.empty();
  }

  /** What a listing rolls a key up to: the key to the end of the first delimiter after the prefix. */
  static Optional<byte[]> commonPrefix(byte[] key, int prefixLength, byte[] delimiter) {
    int at = delimiter.length == 0 ? -1 : indexOf(key, delimiter, prefixLength);
    return at < 0 ? Optional.empty() : Optional.of(Arrays.copyOf(key, at + delimiter.length));
  }

  /** Where {@code part} begins in {@code bytes} at or after {@code from}; -1 for nowhere. */
  static int indexOf(byte[] bytes, byte[] part, int from) {
    for (int at = from; at + part.length <= bytes.length; at++) {
      if (Arrays.equals(bytes, at, at + part.length, part, 0, part.length)) {
        return at;
      }
    }
    return -1;
  }
}
