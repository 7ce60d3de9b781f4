package dev.atelier.s3;

import dev.atelier.kernel.Fault;
import dev.atelier.objects.S3Fault;
import java.math.BigInteger;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A part of a content, from {@code offset} on. */
record ByteRange(long offset, long length) {
  private static final Pattern FORM = Pattern.compile("bytes=(\\d{0,30})-(\\d{0,30})");

  /**
   * The range that a Range header asks for. As in HTTP, a header that is no single range of bytes is passed over.
   *
   * @throws Fault InvalidRange: the content has no byte of it
   */
  static Optional<ByteRange> of(String header, long size) {
    Matcher matcher = FORM.matcher(header.strip());
    if (!matcher.matches() || matcher.group(1).isEmpty() && matcher.group(2).isEmpty()) {
      return Optional.empty();
    }
    if (matcher.group(1).isEmpty()) {
      long count = Math.min(number(matcher.group(2)), size);
      if (count == 0) {
        throw unsatisfiable(header, size);
      }
      return Optional.of(new ByteRange(size - count, count));
    }
    long first = number(matcher.group(1));
    long last = matcher.group(2).isEmpty() ? Long.MAX_VALUE - 1 : number(matcher.group(2));
    if (last < first) {
      return Optional.empty();
    }
    if (first >= size) {
      throw unsatisfiable(header, size);
    }
    return Optional.of(new ByteRange(first, Math.min(last, size - 1) - first + 1));
  }

  /**
   * The range of a copied part, which must be stated in full and lie inside the source.
   *
   * @throws Fault InvalidArgument, and InvalidRequest for one that begins beyond the end
   */
  static ByteRange ofCopy(String header, long size) {
    Matcher matcher = FORM.matcher(header.strip());
    if (matcher.matches() && !matcher.group(1).isEmpty() && !matcher.group(2).isEmpty()) {
      long first = number(matcher.group(1));
      long last = number(matcher.group(2));
      if (first <= last && first >= size) {
        throw S3Fault.invalidRequest("The specified copy range is invalid for the source object size");
      }
      if (first <= last && last < size) {
        return new ByteRange(first, last - first + 1);
      }
      if (first <= last) {
        throw invalidCopy(header, "Range specified is not valid for source object of size: " + size);
      }
    }
    throw invalidCopy(header,
        "The x-amz-copy-source-range value must be of the form bytes=first-last where first and last are the "
            + "zero-based offsets of the first and last bytes to copy");
  }

  String contentRange(long size) {
    return "bytes " + offset + "-" + (offset + length - 1) + "/" + size;
  }

  private static long number(String digits) {
    return new BigInteger(digits).min(BigInteger.valueOf(Long.MAX_VALUE - 1)).longValue();
  }

  private static Fault invalidCopy(String header, String message) {
    return new Fault("InvalidArgument", 400, message,
        Map.of("ArgumentName", "x-amz-copy-source-range", "ArgumentValue", header));
  }

  private static Fault unsatisfiable(String header, long size) {
    return new Fault("InvalidRange", 416, "The requested range is not satisfiable",
        Map.of("RangeRequested", header, "ActualObjectSize", Long.toString(size)));
  }
}
