package dev.atelier.wire;

import dev.atelier.kernel.Fault;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.OptionalLong;
import java.util.function.Supplier;

/** A body whose SHA-256 was signed: with its last byte, or its end, comes a fault when the digest is another one. */
final class HashedBody extends FilterInputStream {
  private final MessageDigest digest = Hashes.sha256();
  private final String expected;
  private final long length;
  private final Supplier<Fault> mismatch;
  private long count;
  private boolean checked;
  private boolean wrong;

  HashedBody(InputStream in, String expected, OptionalLong length, Supplier<Fault> mismatch) {
    super(in);
    this.expected = expected;
    this.length = length.orElse(-1);
    this.mismatch = mismatch;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 255;
  }

  @Override
  public int read(byte[] buffer, int offset, int size) throws IOException {
    int got = in.read(buffer, offset, size);
    if (got > 0) {
      digest.update(buffer, offset, got);
      count += got;
    }
    if (got < 0 || count == length) {
      check();
    }
    return got;
  }

  private void check() {
    if (!checked) {
      checked = true;
      wrong = !Hashes.same(HexFormat.of().formatHex(digest.digest()), expected);
    }
    if (wrong) {
      throw mismatch.get();
    }
  }

  @Override
  public long skip(long wanted) throws IOException {
    return readNBytes((int) Math.min(wanted, 8192)).length;
  }

  @Override
  public boolean markSupported() {
    return false;
  }
}
