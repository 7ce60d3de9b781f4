package dev.atelier.objects;

import com.google.crypto.tink.subtle.AesGcmHkdfStreaming;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.security.GeneralSecurityException;

/**
 * The key that one object's content is encrypted with: AES-256-GCM in segments of a megabyte, each part of the content
 * with a key derived from this one and a salt of its own (Tink's AES-GCM-HKDF streaming AEAD), so that a range is read
 * without the rest and a changed, cut or moved segment does not open.
 */
public final class ContentKey {
  /** The length of a key in bytes. */
  public static final int LENGTH = 32;

  private static final int SEGMENT = 1 << 20;

  /** Says how long sealed content is, which no key changes. */
  private static final AesGcmHkdfStreaming SIZES = cipher(new byte[LENGTH]);

  private final AesGcmHkdfStreaming cipher;

  /** @throws IllegalArgumentException when it is not {@link #LENGTH} bytes long */
  public ContentKey(byte[] key) {
    if (key.length != LENGTH) {
      throw new IllegalArgumentException("a content key has " + LENGTH + " bytes");
    }
    cipher = cipher(key);
  }

  private static AesGcmHkdfStreaming cipher(byte[] key) {
    try {
      return new AesGcmHkdfStreaming(key, "HmacSha256", LENGTH, SEGMENT, 0);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES-GCM is not available", e);
    }
  }

  /** The length on disk of so many bytes of content. */
  static long sealedSize(long size) {
    return SIZES.expectedCiphertextSize(size);
  }

  /** Encrypts what is written to it as a part of the content; closing it ends the part and leaves the target open. */
  WritableByteChannel sealing(int part, WritableByteChannel target) throws IOException {
    try {
      return cipher.newEncryptingChannel(new LeftOpen(target), place(part));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES-GCM is not available", e);
    }
  }

  /** The content of the part that a channel holds, from its beginning to its end. */
  SeekableByteChannel opening(int part, SeekableByteChannel sealed) throws IOException {
    try {
      return cipher.newSeekableDecryptingChannel(sealed, place(part));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES-GCM is not available", e);
    }
  }

  private static byte[] place(int part) {
    return ByteBuffer.allocate(Integer.BYTES).putInt(part).array();
  }

  /** A file that is flushed and closed by who made it. */
  private record LeftOpen(WritableByteChannel target) implements WritableByteChannel {
    @Override
    public int write(ByteBuffer source) throws IOException {
      int count = source.remaining();
      while (source.hasRemaining()) {
        target.write(source);
      }
      return count;
    }

    @Override
    public boolean isOpen() {
      return target.isOpen();
    }

    @Override
    public void close() {
      // the end of a part is not the end of its file
    }
  }
}
