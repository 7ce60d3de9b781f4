package dev.atelier.jobs;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.atelier.kernel.Fault;
import dev.atelier.objects.StoredObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Which objects an input of a job holds, and under which file name each host sees them. */
public final class InputFiles {
  private static final int MAX_MANIFEST_BYTES = 64 << 20;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final RoleObjects objects;

  public InputFiles(RoleObjects objects) {
    this.objects = objects;
  }

  /**
   * Every file of an S3Prefix or a ManifestFile, relative path to object, in order of key or of the manifest.
   *
   * @param type S3DataType as the API has it
   * @throws Fault ValidationException when there is no object, or a key cannot be a file's name
   */
  public Map<String, S3Location> all(String type, String uri) {
    return type.equals("ManifestFile") ? manifest(S3Location.parse(uri)) : prefix(S3Location.parse(uri), uri);
  }

  /**
   * Fails as {@link #all} does, as far as the first of the objects of an S3Prefix tell.
   *
   * @throws Fault ValidationException
   */
  public void check(String type, String uri) {
    if (type.equals("ManifestFile")) {
      manifest(S3Location.parse(uri));
      return;
    }
    S3Location prefix = S3Location.parse(uri);
    StoredObject first = orNothing(() -> objects.first(prefix)).orElseThrow(() -> nothingFound(uri));
    fileName(prefix.key(), first.key());
  }

  /**
   * A file of an S3Prefix.
   *
   * @param content when it is small
   * @param link links the object's content
   */
  public record Found(
      String name, S3Location object, Instant modified, Optional<byte[]> content, Consumer<Path> link) {}

  /** Tells every file of an S3Prefix, in order of key. @throws Fault as {@link #all} */
  public void each(String uri, Consumer<Found> action) {
    S3Location prefix = S3Location.parse(uri);
    boolean[] any = {false};
    orNothing(() -> {
      objects.each(prefix, (object, content, link) -> {
        any[0] = true;
        action.accept(new Found(fileName(prefix.key(), object.key()), new S3Location(prefix.bucket(), object.key()),
            object.lastModified(), content, link));
      });
      return Optional.empty();
    });
    if (!any[0]) {
      throw nothingFound(uri);
    }
  }

  /**
   * What one host sees of all files.
   *
   * @param distribution S3DataDistributionType; ShardedByS3Key deals the files out in order
   * @param host 0-based place among {@code hosts}
   */
  public static Map<String, S3Location> share(
      Map<String, S3Location> all, String distribution, int host, int hosts) {
    if (!"ShardedByS3Key".equals(distribution)) {
      return all;
    }
    Map<String, S3Location> shard = new LinkedHashMap<>();
    int place = 0;
    for (Map.Entry<String, S3Location> entry : all.entrySet()) {
      if (place++ % hosts == host) {
        shard.put(entry.getKey(), entry.getValue());
      }
    }
    return shard;
  }

  private Map<String, S3Location> prefix(S3Location prefix, String uri) {
    Map<String, S3Location> files = new LinkedHashMap<>();
    for (StoredObject object : orNothing(() -> Optional.of(objects.list(prefix))).orElse(List.of())) {
      files.put(fileName(prefix.key(), object.key()), new S3Location(prefix.bucket(), object.key()));
    }
    if (files.isEmpty()) {
      throw nothingFound(uri);
    }
    return files;
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

  /** A manifest is a JSON list: a prefix, then keys relative to it. */
  private Map<String, S3Location> manifest(S3Location location) {
    JsonNode list;
    try {
      list = JSON.readTree(objects.read(location, MAX_MANIFEST_BYTES));
    } catch (JsonProcessingException e) {
      throw Fault.validation("The manifest \"" + location + "\" is not valid JSON.");
    } catch (IOException e) {
      throw Fault.validation("The manifest \"" + location + "\" cannot be read.");
    }
    if (!list.isArray() || list.isEmpty() || !list.get(0).path("prefix").isTextual()) {
      throw Fault.validation("The manifest \"" + location + "\" must be a list whose first entry is a prefix.");
    }
    S3Location prefix = S3Location.parse(list.get(0).path("prefix").asText());
    List<String> names = new ArrayList<>();
    list.forEach(entry -> {
      if (entry.isTextual()) {
        names.add(entry.asText());
      }
    });
    Map<String, S3Location> files = new LinkedHashMap<>();
    for (String name : names) {
      files.put(checked(name, name), new S3Location(prefix.bucket(), prefix.key() + name));
    }
    return files;
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
