package dev.atelier.runtimes;

import java.util.Map;

/**
 * What AWS's own image of a tag has, as the public sources of its containers say.
 *
 * @param tag its beginning, such as {@code 1.2-1}
 * @param python the minor version
 * @param packages versions by name
 */
record AwsImage(String tag, String python, Map<String, String> packages) {

  boolean isOf(ImageUri uri) {
    return uri.tag().equals(tag) || uri.tag().startsWith(tag + "-");
  }
}
