package dev.atelier.identity;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The condition keys that a request's own members fill. */
final class ConditionKeys {
  private static final Map<String, String> S3 = Map.of(
      "Prefix", "s3:prefix", "Delimiter", "s3:delimiter", "MaxKeys", "s3:max-keys", "ACL", "s3:x-amz-acl",
      "ServerSideEncryption", "s3:x-amz-server-side-encryption", "VersionId", "s3:VersionId");

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
