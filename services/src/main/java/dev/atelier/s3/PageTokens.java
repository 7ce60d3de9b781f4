package dev.atelier.s3;

import dev.atelier.objects.Listing;
import dev.atelier.objects.S3Fault;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** Continuation tokens: where a listing goes on, in a form that clients pass back as it is. */
final class PageTokens {
  private PageTokens() {}

  /**
   * A decoded token.
   *
   * @param kind {@code A} for after a key, {@code P} for past a prefix
   */
  record Token(char kind, String text) {
    Listing.Start start() {
      return kind == 'P' ? new Listing.Start.Past(text) : new Listing.Start.After(text);
    }
  }

  static String of(Listing.Start start) {
    return switch (start) {
      case Listing.Start.After after -> after(after.key());
      case Listing.Start.Past past -> encode("P" + past.prefix());
    };
  }

  static String after(String name) {
    return encode("A" + name);
  }

  static Token read(String token) {
    try {
      String text = new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8);
      if (text.startsWith("A") || text.startsWith("P")) {
        return new Token(text.charAt(0), text.substring(1));
      }
    } catch (IllegalArgumentException e) {
      throw invalid(token);
    }
    throw invalid(token);
  }

  private static RuntimeException invalid(String token) {
    return S3Fault.invalidArgument("continuation-token", token, "The continuation token provided is incorrect");
  }

  private static String encode(String text) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
