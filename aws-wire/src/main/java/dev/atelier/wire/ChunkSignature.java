package dev.atelier.wire;

import java.nio.charset.StandardCharsets;

/** The chain of chunk signatures: each covers its chunk and the signature before it. */
final class ChunkSignature {
  private final byte[] signingKey;
  private final String prefix;
  private final ErrorDialect dialect;
  private String previous;

  /** {@code stamp} and {@code scope} are those of the request, {@code seed} its signature. */
  ChunkSignature(byte[] signingKey, String stamp, String scope, String seed, ErrorDialect dialect) {
    this.signingKey = signingKey;
    this.prefix = "\n" + stamp + "\n" + scope + "\n";
    this.previous = seed;
    this.dialect = dialect;
  }

  void checkChunk(String claimed, String chunkHash) {
    check(claimed, "AWS4-HMAC-SHA256-PAYLOAD" + prefix + previous + "\n" + Hashes.EMPTY_SHA256 + "\n" + chunkHash);
  }

  void checkTrailer(String claimed, String trailer) {
    check(claimed, "AWS4-HMAC-SHA256-TRAILER" + prefix + previous + "\n"
        + Hashes.sha256Hex(trailer.getBytes(StandardCharsets.UTF_8)));
  }

  private void check(String claimed, String stringToSign) {
    String right = Hashes.sign(signingKey, stringToSign);
    if (!Hashes.same(right, claimed)) {
      throw dialect.mismatch();
    }
    previous = right;
  }
}
