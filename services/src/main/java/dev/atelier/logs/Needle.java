package dev.atelier.logs;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** A text that every event that is looked for contains: what lacks it need not be read event by event. */
record Needle(Optional<String> bytes) {
  static final Needle NONE = new Needle(Optional.empty());

  static Needle of(Optional<String> text) {
    return new Needle(text.map(each -> latin(each.getBytes(StandardCharsets.UTF_8))));
  }

  /** Whether one of the events of which these are the bytes may contain the text. */
  boolean mayBeIn(byte[] events) {
    return bytes.isEmpty() || latin(events).contains(bytes.get());
  }

  /** One character for each byte: searching such strings is what the machine does fastest. */
  private static String latin(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }
}
