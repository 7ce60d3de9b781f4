package dev.atelier.s3;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.atelier.kernel.Fault;
import dev.atelier.models.s3.Tag;
import dev.atelier.objects.S3Fault;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Tag sets by S3's rules. */
final class Tags {
  static final int MOST_OF_OBJECT = 10;
  static final int MOST_OF_BUCKET = 50;

  private static final int LONGEST_KEY = 128;
  private static final int LONGEST_VALUE = 256;
  /** The letters, digits, spaces and signs that AWS takes in tags. */
  private static final Pattern TEXT = Pattern.compile("[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*");
  private static final ObjectMapper JSON = new ObjectMapper();

  private Tags() {}

  /** @throws Fault InvalidTag, BadRequest */
  static Map<String, String> of(List<Tag> tags, int most) {
    Map<String, String> set = new TreeMap<>();
    for (Tag tag : tags) {
      add(set, tag.key() == null ? "" : tag.key(), tag.value() == null ? "" : tag.value());
    }
    return checked(set, most);
  }

  /** The tags of an x-amz-tagging header: URL query parameters. */
  static Map<String, String> ofHeader(String header) {
    Map<String, String> set = new TreeMap<>();
    for (String pair : header.split("&")) {
      if (!pair.isEmpty()) {
        int equals = pair.indexOf('=');
        add(set, decoded(equals < 0 ? pair : pair.substring(0, equals)),
            equals < 0 ? "" : decoded(pair.substring(equals + 1)));
      }
    }
    return checked(set, MOST_OF_OBJECT);
  }

  static List<Tag> list(Map<String, String> tags) {
    return new TreeMap<>(tags).entrySet().stream()
        .map(tag -> Tag.builder().key(tag.getKey()).value(tag.getValue()).build()).toList();
  }

  static String json(Map<String, String> tags) {
    try {
      return JSON.writeValueAsString(tags);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  static Map<String, String> ofJson(String json) {
    try {
      return JSON.readValue(json, new TypeReference<TreeMap<String, String>>() {});
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("unreadable tag set", e);
    }
  }

  private static void add(Map<String, String> set, String key, String value) {
    if (key.isEmpty() || key.length() > LONGEST_KEY || !TEXT.matcher(key).matches()) {
      throw new Fault("InvalidTag", 400, "The TagKey you have provided is invalid", Map.of("TagKey", key));
    }
    if (value.length() > LONGEST_VALUE || !TEXT.matcher(value).matches()) {
      throw new Fault("InvalidTag", 400, "The TagValue you have provided is invalid",
          Map.of("TagKey", key, "TagValue", value));
    }
    if (key.startsWith("aws:")) {
      throw S3Fault.of("InvalidTag", 400, "System tags cannot be added/updated by requester");
    }
    if (set.put(key, value) != null) {
      throw S3Fault.of("InvalidTag", 400, "Cannot provide multiple Tags with the same key");
    }
  }

  private static Map<String, String> checked(Map<String, String> set, int most) {
    if (set.size() > most) {
      throw S3Fault.of("BadRequest", 400,
          (most == MOST_OF_OBJECT ? "Object" : "Bucket") + " tags cannot be greater than " + most);
    }
    return set;
  }

  private static String decoded(String text) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw S3Fault.invalidArgument("x-amz-tagging", text,
          "The header 'x-amz-tagging' shall be encoded as UTF-8 then URLEncoded URL query parameters without tag name "
              + "duplicates.");
    }
  }
}
