package dev.atelier.studio;

import java.security.SecureRandom;

/** Ids that the server gives. */
final class StudioIds {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final String LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789";
  private static final String HEX = "0123456789abcdef";

  private StudioIds() {}

  /** Such as {@code d-lbhz4x1m0qkw}. */
  static String domain() {
    return "d-" + random(LETTERS, 12);
  }

  /** Such as {@code fs-0a1b2c3d4e5f60718}: 17 hexadecimal digits. */
  static String fileSystem() {
    return "fs-" + random(HEX, 17);
  }

  private static String random(String letters, int length) {
    StringBuilder text = new StringBuilder(length);
    for (int place = 0; place < length; place++) {
      text.append(letters.charAt(RANDOM.nextInt(letters.length())));
    }
    return text.toString();
  }
}
