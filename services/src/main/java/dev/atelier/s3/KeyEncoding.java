package dev.atelier.s3;

import dev.atelier.objects.S3Fault;
import java.nio.charset.StandardCharsets;

/** How keys stand in a listing: as they are, or percent-encoded, since XML cannot hold every character. */
enum KeyEncoding {
  PLAIN,
  URL;

  private static final int MOST = 1000;
  private static final String UNESCAPED =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~/";

  /** @param type encoding-type; null when the request has none */
  static KeyEncoding asked(String type) {
    if (type == null) {
      return PLAIN;
    }
    if (!type.equals("url")) {
      throw S3Fault.invalidArgument("encoding-type", type, "Invalid Encoding Method specified in Request");
    }
    return URL;
  }

  String of(String key) {
    if (this == PLAIN) {
      return key;
    }
    StringBuilder encoded = new StringBuilder();
    for (byte each : key.getBytes(StandardCharsets.UTF_8)) {
      if (UNESCAPED.indexOf(each) >= 0) {
        encoded.append((char) each);
      } else {
        encoded.append(String.format("%%%02X", each));
      }
    }
    return encoded.toString();
  }

  /** The size of a page: at most 1000, whatever is asked. */
  static int most(String argument, Integer asked) {
    return asked == null ? MOST : Math.min(notNegative(argument, asked), MOST);
  }

  /** The number after which a page begins: 0 for the beginning. */
  static int marker(String argument, Integer asked) {
    return asked == null ? 0 : notNegative(argument, asked);
  }

  private static int notNegative(String argument, int asked) {
    if (asked < 0) {
      throw S3Fault.invalidArgument(argument, Integer.toString(asked),
          "Argument " + argument + " must be an integer between 0 and 2147483647");
    }
    return asked;
  }

  static String orEmpty(String text) {
    return text == null ? "" : text;
  }
}
