package dev.atelier.objects;

import java.math.BigInteger;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;

/**
 * The CRC of a content from the CRCs of its parts, without reading it: a CRC is a remainder of polynomials over GF(2),
 * so appending {@code n} bytes multiplies by x to the power of {@code 8n}. Values are reflected: their highest bit is the
 * coefficient of the lowest power.
 */
final class CrcSum {
  private final long polynomial;
  private final int width;

  private CrcSum(long polynomial, int width) {
    this.polynomial = polynomial;
    this.width = width;
  }

  /** A part's CRC, Base64, with its length. */
  record Piece(String crc, long length) {}

  /** The CRC of all pieces in their order, Base64. @throws IllegalArgumentException the algorithm is no CRC */
  static String of(ChecksumAlgorithm algorithm, List<Piece> pieces) {
    CrcSum sum = switch (algorithm) {
      case CRC32 -> new CrcSum(0xEDB88320L, 32);
      case CRC32C -> new CrcSum(0x82F63B78L, 32);
      case CRC64NVME -> new CrcSum(0x9A6C9329AC4BC9B5L, 64);
      case SHA1, SHA256 -> throw new IllegalArgumentException(algorithm + " of a whole needs its content");
    };
    long crc = 0;
    for (Piece piece : pieces) {
      long own = new BigInteger(1, Base64.getDecoder().decode(piece.crc())).longValue();
      crc = sum.multiply(crc, sum.power(piece.length())) ^ own;
    }
    byte[] bytes = HexFormat.of().parseHex(HexFormat.of().toHexDigits(crc, sum.width / 4));
    return Base64.getEncoder().encodeToString(bytes);
  }

  /** x to the power of eight times {@code bytes}, modulo the polynomial. */
  private long power(long bytes) {
    long result = one();
    // x to the eighth
    long square = one() >>> 8;
    for (long left = bytes; left != 0; left >>>= 1) {
      if ((left & 1) != 0) {
        result = multiply(result, square);
      }
      square = multiply(square, square);
    }
    return result;
  }

  private long multiply(long a, long b) {
    long product = 0;
    long shifted = b;
    for (long bit = one(); bit != 0; bit >>>= 1) {
      if ((a & bit) != 0) {
        product ^= shifted;
      }
      shifted = (shifted & 1) == 0 ? shifted >>> 1 : shifted >>> 1 ^ polynomial;
    }
    return product;
  }

  private long one() {
    return 1L << width - 1;
  }
}
