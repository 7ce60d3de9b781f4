package dev.atelier.identity;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The condition keys that a request's own members fill. */
final class ConditionKeys {
  private static final Map<String, String> S3 = Map.ofEntries(
      Map.entry("Prefix", "s3:prefix"), Map.entry("Delimiter", "s3:delimiter"), Map.entry("MaxKeys", "s3:max-keys"),
      Map.entry("ACL", "s3:x-amz-acl"), Map.entry("ServerSideEncryption", "s3:x-amz-server-side-encryption"),
      Map.entry("SSEKMSKeyId", "s3:x-amz-server-side-encryption-aws-kms-key-id"),
      Map.entry("VersionId", "s3:VersionId"), Map.entry("StorageClass", "s3:x-amz-storage-class"),
      Map.entry("CopySource", "s3:x-amz-copy-source"), Map.entry("MetadataDirective", "s3:x-amz-metadata-directive"),
      Map.entry("WebsiteRedirectLocation", "s3:x-amz-website-redirect-location"),
      Map.entry("IfMatch", "s3:if-match"), Map.entry("IfNoneMatch", "s3:if-none-match"));

  private ConditionKeys() {}

  static Map<String, List<String>> of(String service, Map<String, Object> input) {
    Map<String, List<String>> keys = new HashMap<>();
    if (input.get("Tags") instanceof List<?> tags) {
      List<String> names = new ArrayList<>();
      for (Object each : tags) {
        if (each instanceof Map<?, ?> tag && tag.get("Key") instanceof String name) {
          names.add(name);
          keys.put("aws:requesttag/" + name, List.of(String.valueOf(tag.get("Value"))));
        }
      }
      keys.put("aws:tagkeys", names);
    }
    if (service.equals("s3")) {
      S3.forEach((member, key) -> {
        if (input.get(member) != null) {
          keys.put(key, List.of(input.get(member).toString()));
        }
      });
      requestedTags(input.get("Tagging")).forEach((name, value) ->
          keys.put("s3:requestobjecttag/" + name, List.of(value)));
      if (input.get("Tagging") != null) {
        keys.put("s3:requestobjecttagkeys", List.copyOf(requestedTags(input.get("Tagging")).keySet()));
      }
    }
    if (service.equals("sagemaker")) {
      List<String> types = new ArrayList<>();
      instanceTypes(input, types);
      if (!types.isEmpty()) {
        keys.put("sagemaker:instancetypes", types);
      }
    }
    return keys;
  }

  /** The tags that a request gives an object: as a header's query string, or as a document. */
  private static Map<String, String> requestedTags(Object tagging) {
    Map<String, String> tags = new LinkedHashMap<>();
    if (tagging instanceof String header) {
      for (String pair : header.split("&")) {
        int equals = pair.indexOf('=');
        tags.put(decoded(equals < 0 ? pair : pair.substring(0, equals)),
            equals < 0 ? "" : decoded(pair.substring(equals + 1)));
      }
    } else if (tagging instanceof Map<?, ?> document && document.get("TagSet") instanceof List<?> set) {
      for (Object each : set) {
        if (each instanceof Map<?, ?> tag) {
          tags.put(String.valueOf(tag.get("Key")), String.valueOf(tag.get("Value")));
        }
      }
    }
    return tags;
  }

  /** What is no encoding is left as it is: the operation refuses it. */
  private static String decoded(String text) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return text;
    }
  }

  /** Instance types wherever the request names one: resource configurations, groups, production variants. */
  private static void instanceTypes(Object value, List<String> found) {
    switch (value) {
      case Map<?, ?> map -> map.forEach((member, each) -> {
        if ("InstanceType".equals(member) && each instanceof String type) {
          found.add(type);
        } else {
          instanceTypes(each, found);
        }
      });
      case List<?> list -> list.forEach(each -> instanceTypes(each, found));
      case null, default -> { }
    }
  }
}
