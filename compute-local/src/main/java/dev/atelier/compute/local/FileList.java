package dev.atelier.compute.local;

import dev.atelier.compute.HostFile;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
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

/** Reads what {@code find} tells of files whose names a program chose; names that are no text are left out. */
final class FileList implements AutoCloseable {
  /** Size, time of modification, time of change, inode and name below the folder; a zero byte ends each file. */
  static final String FORMAT = "%s %T@ %C@ %i %P\\0";

  private static final Pattern LINE =
      Pattern.compile("(\\d{1,18}) (-?\\d{1,12})(?:\\.(\\d{9})\\d*)? (\\S+ \\d+) (.+)", Pattern.DOTALL);
  private static final int MOST_BYTES = 8_192;

  private final InputStream in;

  FileList(InputStream in) {
    this.in = new BufferedInputStream(in);
  }

  List<HostFile> read(int most) throws IOException {
    List<HostFile> files = new ArrayList<>();
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int next = in.read(); next >= 0 && files.size() < most; next = in.read()) {
      if (next != 0) {
        if (line.size() <= MOST_BYTES) {
          line.write(next);
        }
        continue;
      }
      text(line).map(LINE::matcher).filter(Matcher::matches).map(FileList::file).ifPresent(files::add);
      line.reset();
    }
    return files;
  }

  private static Optional<String> text(ByteArrayOutputStream line) {
    try {
      return line.size() > MOST_BYTES ? Optional.empty()
          : Optional.of(StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(line.toByteArray())).toString());
    } catch (CharacterCodingException e) {
      // the store's keys are text
      return Optional.empty();
    }
  }

  private static HostFile file(Matcher line) {
    long nanos = line.group(3) == null ? 0 : Long.parseLong(line.group(3));
    Instant modified = Instant.ofEpochSecond(Long.parseLong(line.group(2)), nanos);
    return new HostFile(line.group(5), Long.parseLong(line.group(1)), modified,
        line.group(1) + " " + modified + " " + line.group(4));
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
