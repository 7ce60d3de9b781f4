package dev.atelier.s3;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Text that headers cannot hold, as the encoded words of RFC 2047: S3 takes them and answers with them. */
final class HeaderWords {
  private static final Pattern WORD = Pattern.compile("=\\?utf-8\\?([bq])\\?([^?\\s]*)\\?=", Pattern.CASE_INSENSITIVE);

  private HeaderWords() {}

  /** The text with its encoded words decoded; one that is none stays as it is. */
  static String decode(String value) {
    Matcher word = WORD.matcher(value);
    StringBuilder text = new StringBuilder();
    while (word.find()) {
      String decoded = bytes(word.group(1), word.group(2)).flatMap(HeaderWords::utf8).orElse(word.group());
      word.appendReplacement(text, Matcher.quoteReplacement(decoded));
    }
    return word.appendTail(text).toString();
  }

  /** The text as it is when it is ASCII, else as one encoded word. */
  static String encode(String value) {
    return value.chars().allMatch(c -> c < 0x7f) ? value
        : "=?UTF-8?B?" + Base64.getEncoder().encodeToString(value.getBytes(StandardCharsets.UTF_8)) + "?=";
  }

  private static Optional<byte[]> bytes(String encoding, String content) {
    if (encoding.equalsIgnoreCase("q")) {
      return Optional.of(quoted(content));
    }
    try {
      return Optional.of(Base64.getDecoder().decode(content));
    } catch (IllegalArgumentException notBase64) {
      return Optional.empty();
    }
  }

  private static byte[] quoted(String content) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int at = 0; at < content.length(); at++) {
      char c = content.charAt(at);
      int high = c == '=' && at + 2 < content.length() ? Character.digit(content.charAt(at + 1), 16) : -1;
      int low = high < 0 ? -1 : Character.digit(content.charAt(at + 2), 16);
      if (low >= 0) {
        out.write(high << 4 | low);
        at += 2;
      } else {
        out.writeBytes((c == '_' ? " " : String.valueOf(c)).getBytes(StandardCharsets.UTF_8));
      }
    }
    return out.toByteArray();
  }

  private static Optional<String> utf8(byte[] bytes) {
    try {
      return Optional.of(StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
    } catch (CharacterCodingException notUtf8) {
      return Optional.empty();
    }
  }
}
