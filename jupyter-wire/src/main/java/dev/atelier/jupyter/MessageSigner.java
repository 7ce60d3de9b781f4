package dev.atelier.jupyter;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Puts messages into the frames of ZeroMQ and back, with the HMAC-SHA256 of the connection's key over their parts. */
public final class MessageSigner {
  private static final byte[] DELIMITER = "<IDS|MSG>".getBytes(StandardCharsets.US_ASCII);
  private static final String ALGORITHM = "HmacSHA256";

  private final SecretKeySpec key;

  /** @param key of the kernel's connection file, as it stands there */
  public MessageSigner(String key) {
    this.key = new SecretKeySpec(key.getBytes(StandardCharsets.UTF_8), ALGORITHM);
  }

  /** The frames of a message. */
  public List<byte[]> frames(KernelMessage message) {
    List<byte[]> frames = new ArrayList<>(2 + KernelMessage.PARTS + message.buffers().size());
    frames.add(DELIMITER);
    frames.add(signature(message.parts()));
    frames.addAll(message.parts());
    frames.addAll(message.buffers());
    return frames;
  }

  /**
   * The message in frames, whatever routing or topic comes before it.
   *
   * @throws WireException the frames hold no message, or one with a wrong signature
   */
  public KernelMessage message(List<byte[]> frames) throws WireException {
    int start = 0;
    while (start < frames.size() && !Arrays.equals(frames.get(start), DELIMITER)) {
      start++;
    }
    int parts = start + 2;
    if (frames.size() < parts + KernelMessage.PARTS) {
      throw new WireException("frames that are no message of Jupyter's");
    }
    List<byte[]> signed = frames.subList(parts, parts + KernelMessage.PARTS);
    if (!MessageDigest.isEqual(signature(signed), frames.get(start + 1))) {
      throw new WireException("a message with a wrong signature");
    }
    return new KernelMessage(signed.get(0), signed.get(1), signed.get(2), signed.get(3),
        frames.subList(parts + KernelMessage.PARTS, frames.size()));
  }

  private byte[] signature(List<byte[]> parts) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      parts.forEach(mac::update);
      return HexFormat.of().formatHex(mac.doFinal()).getBytes(StandardCharsets.US_ASCII);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
