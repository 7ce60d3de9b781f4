package dev.atelier.jobs;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.atelier.kernel.Fault;
import java.io.BufferedReader;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A file of JSON lines whose attributes are an input's records: those whose names end in {@code -ref} stand for the
 * objects that they name, all others for themselves. Source:
 * https://docs.aws.amazon.com/sagemaker/latest/dg/augmented-manifest-stream.html
 */
public final class AugmentedManifest {
  private static final String REFERENCE = "-ref";
  private static final long MOST_BYTES = 64 << 20;
  private static final ObjectMapper JSON = new ObjectMapper();

  /** One attribute of a line. */
  public sealed interface Value {
    /** An object whose content is meant. */
    record Object(S3Location location) implements Value {}

    /** The value as it stands in the manifest, a text without its quotes. */
    record Text(String text) implements Value {}
  }

  private final RoleObjects objects;

  public AugmentedManifest(RoleObjects objects) {
    this.objects = objects;
  }

  /**
   * The chosen attributes of every line, in the order chosen.
   *
   * @throws Fault ValidationException when a line is no JSON object or lacks an attribute
   */
  public List<List<Value>> read(S3Location manifest, List<String> attributes) {
    List<List<Value>> lines = new ArrayList<>();
    try (BufferedReader in = new BufferedReader(
        new InputStreamReader(bounded(manifest), StandardCharsets.UTF_8))) {
      int number = 0;
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        number++;
        if (!line.isBlank()) {
          lines.add(values(manifest, number, line, attributes));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the augmented manifest " + manifest + " cannot be read", e);
    }
    if (lines.isEmpty()) {
      throw Fault.validation("The augmented manifest \"" + manifest + "\" has no lines.");
    }
    return lines;
  }

  /** The manifest's content, as much of it as a job may have. */
  private InputStream bounded(S3Location manifest) throws IOException {
    return new FilterInputStream(objects.open(manifest)) {
      private long left = MOST_BYTES;

      @Override
      public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
      }

      @Override
      public int read(byte[] buffer, int offset, int length) throws IOException {
        int count = in.read(buffer, offset, length);
        left -= Math.max(0, count);
        if (left < 0) {
          throw Fault.validation("The augmented manifest \"" + manifest + "\" has more than " + MOST_BYTES + " bytes.");
        }
        return count;
      }
    };
  }

  private static List<Value> values(S3Location manifest, int number, String line, List<String> attributes) {
    JsonNode row;
    try {
      row = JSON.readTree(line);
    } catch (JsonProcessingException e) {
      throw Fault.validation("Line " + number + " of the augmented manifest \"" + manifest + "\" is not valid JSON.");
    }
    List<Value> values = new ArrayList<>();
    for (String name : attributes) {
      JsonNode value = row.path(name);
      if (value.isMissingNode()) {
        throw Fault.validation("Line " + number + " of the augmented manifest \"" + manifest
            + "\" has no attribute \"" + name + "\".");
      }
      values.add(name.endsWith(REFERENCE) ? new Value.Object(S3Location.parse(value.asText()))
          : new Value.Text(value.isTextual() ? value.asText() : value.toString()));
    }
    return values;
  }
}
