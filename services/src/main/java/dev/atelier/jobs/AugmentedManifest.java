package dev.atelier.jobs;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import dev.atelier.kernel.Fault;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A file of JSON lines whose attributes are an input's records: those whose names end in {@code -ref} stand for the
 * objects that they name, all others for themselves. Source:
 * https://docs.aws.amazon.com/sagemaker/latest/dg/augmented-manifest-stream.html
 */
public final class AugmentedManifest {
  private static final String REFERENCE = "-ref";
  private static final long MOST_BYTES = 64 << 20;
  private static final int MOST_VALUES = 1_000_000;
  private static final JsonFactory JSON = new JsonFactory();

  /** One attribute of a line. */
  public sealed interface Value {
    /** An object whose content is meant. */
    record Object(S3Location location) implements Value {}

    /** The value as it stands in the manifest, a text without its quotes. */
    record Text(String text) implements Value {}
  }

  private final RoleObjects objects;
  private final long mostBytes;
  private final int mostValues;

  public AugmentedManifest(RoleObjects objects) {
    this(objects, MOST_BYTES, MOST_VALUES);
  }

  /** @param mostValues of all lines together, since a job that reads them remembers them */
  AugmentedManifest(RoleObjects objects, long mostBytes, int mostValues) {
    this.objects = objects;
    this.mostBytes = mostBytes;
    this.mostValues = mostValues;
  }

  /**
   * Tells the chosen attributes of every line, in the order chosen, as soon as the line is read.
   *
   * @throws Fault ValidationException when a line is no JSON object or lacks an attribute, or there are too many
   */
  public void each(S3Location manifest, List<String> attributes, Consumer<List<Value>> action) {
    try (JsonParser json = JSON.createParser(objects.open(manifest, mostBytes))) {
      new Lines(manifest, attributes, json).each(action);
    } catch (IOException e) {
      throw new UncheckedIOException("the augmented manifest " + manifest + " cannot be read", e);
    }
  }

  /** The lines of an open manifest. */
  private final class Lines {
    private final S3Location manifest;
    private final List<String> attributes;
    private final JsonParser json;
    /** The line that is being read, or was last. */
    private int line;

    Lines(S3Location manifest, List<String> attributes, JsonParser json) {
      this.manifest = manifest;
      this.attributes = attributes;
      this.json = json;
    }

    void each(Consumer<List<Value>> action) throws IOException {
      long values = 0;
      while (begins()) {
        List<Value> chosen = chosen();
        values += chosen.size();
        if (values > mostValues) {
          throw Fault.validation("The augmented manifest \"" + manifest + "\" has more than " + mostValues
              + " values of the attributes that are asked for.");
        }
        action.accept(chosen);
      }
      if (line == 0) {
        throw Fault.validation("The augmented manifest \"" + manifest + "\" has no lines.");
      }
    }

    /** Comes to the next line that is not blank; false at the end. */
    private boolean begins() throws IOException {
      JsonToken first;
      try {
        first = json.nextToken();
      } catch (JsonProcessingException e) {
        throw notJson(Optional.ofNullable(e.getLocation()).map(at -> at.getLineNr()).orElse(line + 1));
      }
      if (first == null) {
        return false;
      }
      int at = json.currentTokenLocation().getLineNr();
      if (at == line) {
        throw notJson(line);
      }
      line = at;
      return true;
    }

    private List<Value> chosen() throws IOException {
      Map<String, Value> found = new HashMap<>();
      try {
        if (json.currentToken() == JsonToken.START_OBJECT) {
          while (json.nextToken() == JsonToken.FIELD_NAME) {
            member(found);
          }
        }
      } catch (JsonProcessingException e) {
        throw notJson(line);
      }
      if (json.currentTokenLocation().getLineNr() != line) {
        throw notJson(line);
      }
      return attributes.stream().map(name -> Optional.ofNullable(found.get(name)).orElseThrow(() -> Fault.validation(
          "Line " + line + " of the augmented manifest \"" + manifest + "\" has no attribute \"" + name + "\".")))
          .toList();
    }

    private void member(Map<String, Value> found) throws IOException {
      String name = json.currentName();
      JsonToken value = json.nextToken();
      if (!attributes.contains(name)) {
        json.skipChildren();
        return;
      }
      String text = value == JsonToken.VALUE_STRING ? json.getText() : written();
      found.put(name, name.endsWith(REFERENCE) ? new Value.Object(S3Location.parse(text)) : new Value.Text(text));
    }

    private String written() throws IOException {
      StringWriter out = new StringWriter();
      try (JsonGenerator copy = JSON.createGenerator(out)) {
        copy.copyCurrentStructure(json);
      }
      return out.toString();
    }

    private Fault notJson(int number) {
      return Fault.validation("Line " + number + " of the augmented manifest \"" + manifest + "\" is not valid JSON.");
    }
  }
}
