package dev.atelier.server.http;

import dev.atelier.kernel.Fault;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.MultiPart;
import org.eclipse.jetty.io.Content;

/**
 * A form of type multipart/form-data with one file. The fields before the file are read at once, the file as it is asked
 * for; what comes after it is passed over.
 */
final class FormBody {
  private static final int BUFFER = 64 << 10;
  private static final int MOST_FIELD_BYTES = 20 << 10;
  private static final int MOST_PARTS = 1_000;
  private static final int MOST_HEADER_BYTES = 8 << 10;

  private final InputStream body;
  private final MultiPart.Parser parser;
  private final Parts parts = new Parts();
  private boolean sawEnd;

  private FormBody(InputStream body, String boundary) {
    this.body = body;
    this.parser = new MultiPart.Parser(boundary, parts);
    this.parser.setMaxParts(MOST_PARTS);
    this.parser.setPartHeadersMaxLength(MOST_HEADER_BYTES);
  }

  /**
   * Reads up to the file.
   *
   * @throws Fault for a body that is no such form, has no file, or has fields that are too long
   */
  static FormBody read(String contentType, InputStream body) {
    String boundary = MultiPart.extractBoundary(contentType);
    if (boundary == null || boundary.isEmpty()) {
      throw malformed();
    }
    FormBody form = new FormBody(body, boundary);
    while (!form.parts.fileBegan && form.more()) {
      form.parse();
    }
    if (!form.parts.fileBegan) {
      throw new Fault("InvalidArgument", 400, "POST requires exactly one file upload per request.",
          Map.of("ArgumentName", "file", "ArgumentValue", "0"));
    }
    return form;
  }

  /** The fields before the file, by their names in lower case. */
  Map<String, String> fields() {
    return parts.fields;
  }

  /** The file's own name, as the browser gave it. */
  Optional<String> fileName() {
    return parts.fileName;
  }

  /** The file's content. Its stream fails when the body ends before the file does. */
  InputStream file() {
    return new FileContent();
  }

  private boolean more() {
    return !sawEnd;
  }

  private void parse() {
    byte[] buffer = new byte[BUFFER];
    int count;
    try {
      count = body.read(buffer);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
    sawEnd = count < 0;
    parser.parse(Content.Chunk.from(ByteBuffer.wrap(buffer, 0, Math.max(count, 0)), sawEnd));
    parts.failure.ifPresent(failure -> {
      throw failure;
    });
  }

  private static Fault malformed() {
    return new Fault("MalformedPOSTRequest", 400,
        "The body of your POST request is not well-formed multipart/form-data.");
  }

  /** Takes what the parser finds. The parser swallows what its listener throws, so failures are kept for later. */
  private static final class Parts extends MultiPart.AbstractPartsListener {
    private final Map<String, String> fields = new LinkedHashMap<>();
    private final Deque<byte[]> content = new ArrayDeque<>();
    private final ByteArrayOutputStream field = new ByteArrayOutputStream();
    private Optional<String> fileName = Optional.empty();
    private Optional<Fault> failure = Optional.empty();
    private boolean fileBegan;
    private boolean fileEnded;
    private int fieldBytes;

    @Override
    public void onPartHeaders() {
      if (!fileBegan && "file".equalsIgnoreCase(getName())) {
        fileBegan = true;
        fileName = Optional.ofNullable(getFileName());
      }
    }

    @Override
    public void onPartContent(Content.Chunk chunk) {
      byte[] bytes = new byte[chunk.remaining()];
      chunk.getByteBuffer().get(bytes);
      if (fileBegan && !fileEnded) {
        content.add(bytes);
      } else if (!fileBegan) {
        fieldBytes += bytes.length;
        if (fieldBytes > MOST_FIELD_BYTES) {
          failure = Optional.of(new Fault("MaxPostPreDataLengthExceededError", 400,
              "Your POST request fields preceding the upload file were too large."));
        } else {
          field.writeBytes(bytes);
        }
      }
    }

    @Override
    public void onPart(String name, String partFileName, HttpFields headers) {
      if (fileBegan) {
        fileEnded = true;
      } else if (name != null) {
        fields.put(name.toLowerCase(Locale.ROOT), field.toString(StandardCharsets.UTF_8));
        field.reset();
      }
    }

    @Override
    public void onFailure(Throwable cause) {
      failure = failure.or(() -> Optional.of(malformed()));
    }
  }

  private final class FileContent extends InputStream {
    private ByteBuffer at = ByteBuffer.allocate(0);

    @Override
    public int read() {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) {
      while (length > 0 && !at.hasRemaining()) {
        if (!parts.content.isEmpty()) {
          at = ByteBuffer.wrap(parts.content.remove());
        } else if (parts.fileEnded) {
          return -1;
        } else if (more()) {
          parse();
        } else {
          throw malformed();
        }
      }
      int count = Math.min(length, at.remaining());
      at.get(bytes, offset, count);
      return count;
    }
  }
}
