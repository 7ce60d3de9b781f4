package dev.atelier.jobs;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import dev.atelier.kernel.Fault;
import dev.atelier.objects.StoredObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Which objects an input of a job holds, and under which file name its hosts see them. */
public final class InputFiles {
  private static final String MANIFEST = "ManifestFile";
  private static final long MOST_BYTES = 64 << 20;
  private static final int MOST_FILES = 1_000_000;
  private static final JsonFactory JSON = new JsonFactory();

  private final RoleObjects objects;
  private final long mostBytes;
  private final int mostFiles;

  public InputFiles(RoleObjects objects) {
    this(objects, MOST_BYTES, MOST_FILES);
  }

  /**
   * @param mostBytes of a manifest
   * @param mostFiles that a manifest names, since the names are remembered
   */
  InputFiles(RoleObjects objects, long mostBytes, int mostFiles) {
    this.objects = objects;
    this.mostBytes = mostBytes;
    this.mostFiles = mostFiles;
  }

  /**
   * Fails as {@link #each} does, as far as a manifest itself or the first of the objects of an S3Prefix tell.
   *
   * @param type S3DataType as the API has it
   * @throws Fault ValidationException
   */
  public void check(String type, String uri) {
    S3Location location = S3Location.parse(uri);
    if (type.equals(MANIFEST)) {
      manifest(location, (name, object) -> { });
      return;
    }
    StoredObject first = orNothing(() -> objects.first(location)).orElseThrow(() -> nothingFound(uri));
    fileName(location.key(), first.key());
  }

  /**
   * A file of an input.
   *
   * @param small what it holds, when that is little and known
   * @param link links the object's content
   */
  public record Found(String name, S3Location object, Optional<Small> small, Consumer<Path> link) {}

  /** What a small file holds. */
  public record Small(byte[] content, Instant modified) {}

  /**
   * Tells every file of an S3Prefix or a ManifestFile as soon as it is found, in order of key or of the manifest.
   *
   * @param type S3DataType as the API has it
   * @throws Fault ValidationException when there is no object, a key cannot be a file's name, or a manifest is none
   */
  public void each(String type, String uri, Consumer<Found> action) {
    S3Location location = S3Location.parse(uri);
    if (!type.equals(MANIFEST)) {
      prefix(location, uri, action);
      return;
    }
    Set<String> names = new HashSet<>();
    manifest(location, (name, object) -> {
      if (names.add(name)) {
        action.accept(new Found(name, object, Optional.empty(), target -> objects.link(object, target)));
      }
    });
  }

  private void prefix(S3Location prefix, String uri, Consumer<Found> action) {
    boolean[] any = {false};
    orNothing(() -> {
      objects.each(prefix, (object, content, link) -> {
        any[0] = true;
        action.accept(new Found(fileName(prefix.key(), object.key()), new S3Location(prefix.bucket(), object.key()),
            content.map(bytes -> new Small(bytes, object.lastModified())), link));
      });
      return Optional.empty();
    });
    if (!any[0]) {
      throw nothingFound(uri);
    }
  }

  private static Fault nothingFound(String uri) {
    return Fault.validation("No S3 objects found under S3 URL \"" + uri
        + "\" given in input data source. Please ensure that the bucket exists in the selected region, that objects "
        + "exist under that S3 prefix, and that the role has \"s3:ListBucket\" permissions on the bucket.");
  }

  /** What the role sees; in a bucket that is not there, nothing. */
  private static <T> Optional<T> orNothing(Supplier<Optional<T>> seen) {
    try {
      return seen.get();
    } catch (Fault e) {
      if (e.code().equals("NoSuchBucket")) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /** A manifest is a JSON list: a prefix, then keys relative to it. It is read as it comes; nothing of it is kept. */
  private void manifest(S3Location location, BiConsumer<String, S3Location> action) {
    try (JsonParser json = JSON.createParser(objects.open(location, mostBytes))) {
      S3Location prefix = prefix(json).map(S3Location::parse).orElseThrow(() -> Fault.validation(
          "The manifest \"" + location + "\" must be a list whose first entry is a prefix."));
      int files = 0;
      for (JsonToken entry = json.nextToken(); entry != JsonToken.END_ARRAY; entry = json.nextToken()) {
        if (entry != JsonToken.VALUE_STRING) {
          json.skipChildren();
          continue;
        }
        if (++files > mostFiles) {
          throw Fault.validation("The manifest \"" + location + "\" names more than " + mostFiles + " files.");
        }
        String name = checked(json.getText(), json.getText());
        action.accept(name, new S3Location(prefix.bucket(), prefix.key() + name));
      }
    } catch (JsonProcessingException e) {
      throw Fault.validation("The manifest \"" + location + "\" is not valid JSON.");
    } catch (IOException e) {
      throw Fault.validation("The manifest \"" + location + "\" cannot be read.");
    }
  }

  private static Optional<String> prefix(JsonParser json) throws IOException {
    Optional<String> prefix = Optional.empty();
    if (json.nextToken() != JsonToken.START_ARRAY || json.nextToken() != JsonToken.START_OBJECT) {
      return prefix;
    }
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      boolean named = json.currentName().equals("prefix");
      JsonToken value = json.nextToken();
      if (named) {
        prefix = value == JsonToken.VALUE_STRING ? Optional.of(json.getText()) : Optional.empty();
      }
      json.skipChildren();
    }
    return prefix;
  }

  /** What follows the prefix; a prefix that ends within a name, or is a whole key, keeps the name. */
  private static String fileName(String prefix, String key) {
    String rest = key.substring(prefix.length());
    if (prefix.isEmpty() || prefix.endsWith("/")) {
      return checked(rest, key);
    }
    if (rest.startsWith("/")) {
      return checked(rest.substring(1), key);
    }
    return checked(key.substring(prefix.lastIndexOf('/') + 1), key);
  }

  /** The name, when it can be a file's path below a folder. */
  public static String checked(String name, String key) {
    for (String part : name.split("/", -1)) {
      if (part.isEmpty() || part.equals(".") || part.equals("..") || part.indexOf('\0') >= 0
          || part.getBytes(StandardCharsets.UTF_8).length > 255) {
        throw Fault.validation("The S3 key \"" + key + "\" cannot be the name of a file.");
      }
    }
    return name;
  }
}
