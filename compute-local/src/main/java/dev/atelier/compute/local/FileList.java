package dev.atelier.compute.local;

import dev.atelier.compute.HostFile;
import dev.atelier.compute.ListingLimits;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads what {@code find} tells of files whose names a program chose. */
final class FileList implements AutoCloseable {
  /** Size, times of modification and change, inode, type and name below the folder; a zero byte ends each. */
  static final String FORMAT = "%s %T@ %C@ %i %y %P\\0";
  /** Follows the last file: a list without it was cut short. No file's line begins with a letter. */
  static final String END = "end";

  private static final Pattern LINE =
      Pattern.compile("(\\d{1,18}) (-?\\d{1,12})(?:\\.(\\d{9})\\d*)? (\\S+ \\d+) (\\S) (.+)", Pattern.DOTALL);
  /** Room for the numbers before the longest name. */
  private static final int MOST_BYTES = ListingLimits.LONGEST_NAME_BYTES + 128;

  private final InputStream in;
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();

  FileList(InputStream in) {
    this.in = new BufferedInputStream(in);
  }

  /**
   * All files, or as many as the limits allow.
   *
   * @throws EOFException the list was cut short before a limit was met
   */
  List<HostFile> read(ListingLimits limits) throws IOException {
    List<HostFile> files = new ArrayList<>();
    long nameBytes = 0;
    long tooLong = 0;
    long noText = 0;
    while (next()) {
      Optional<Matcher> found = text().map(LINE::matcher).filter(Matcher::matches);
      int length = found.map(told -> told.group(6).getBytes(StandardCharsets.UTF_8).length).orElse(0);
      if (line.size() > MOST_BYTES || length > ListingLimits.LONGEST_NAME_BYTES) {
        tooLong++;
      } else if (found.isEmpty()) {
        noText++;
      } else if (!found.get().group(5).equals("f")) {
        limits.special().accept(found.get().group(6) + ": " + special(found.get().group(5)));
      } else {
        nameBytes += length;
        if (files.size() == limits.maxFiles() || nameBytes > limits.maxNameBytes()) {
          limits.leftOut().accept(
              nameBytes > limits.maxNameBytes() ? limits.tooManyNameBytes() : limits.tooManyFiles());
          break;
        }
        files.add(file(found.get()));
      }
    }
    if (tooLong > 0) {
      limits.leftOut().accept(ListingLimits.tooLong(tooLong));
    }
    if (noText > 0) {
      limits.leftOut().accept(ListingLimits.noText(noText));
    }
    return files;
  }

  /** Goes to the next file's line, of which no more is kept than can be one; false at the end. */
  private boolean next() throws IOException {
    line.reset();
    for (int next = in.read(); next != 0; next = in.read()) {
      if (next < 0) {
        throw new EOFException("the list of files was cut short");
      }
      if (line.size() <= MOST_BYTES) {
        line.write(next);
      }
    }
    return line.size() != END.length() || !line.toString(StandardCharsets.UTF_8).equals(END);
  }

  private Optional<String> text() {
    try {
      return line.size() > MOST_BYTES ? Optional.empty()
          : Optional.of(StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(line.toByteArray())).toString());
    } catch (CharacterCodingException e) {
      // the store's keys are text
      return Optional.empty();
    }
  }

  private static String special(String type) {
    return type.equals("l") ? CleanTar.LINK : CleanTar.NO_FILE;
  }

  private static HostFile file(Matcher line) {
    long nanos = line.group(3) == null ? 0 : Long.parseLong(line.group(3));
    Instant modified = Instant.ofEpochSecond(Long.parseLong(line.group(2)), nanos);
    return new HostFile(line.group(6), Long.parseLong(line.group(1)), modified,
        line.group(1) + " " + modified + " " + line.group(4));
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
