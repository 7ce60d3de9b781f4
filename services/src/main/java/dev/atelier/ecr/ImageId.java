package dev.atelier.ecr;

import dev.atelier.models.ecr.ImageIdentifier;
import java.util.Optional;
import java.util.regex.Pattern;

/** How a request names an image: by its digest, by a tag, or by both. */
public record ImageId(Optional<String> digest, Optional<String> tag) {
  private static final Pattern DIGEST = Pattern.compile("[a-zA-Z0-9-_+.]+:[a-fA-F0-9]+");

  public static ImageId ofTag(String tag) {
    return new ImageId(Optional.empty(), Optional.of(tag));
  }

  public static ImageId ofDigest(String digest) {
    return new ImageId(Optional.of(digest), Optional.empty());
  }

  static ImageId of(ImageIdentifier id) {
    return new ImageId(Optional.ofNullable(id.imageDigest()), Optional.ofNullable(id.imageTag()));
  }

  /** Whether a text has the form of a digest, as in {@code sha256:0123…}. */
  static boolean isDigest(String text) {
    return DIGEST.matcher(text).matches();
  }

  ImageIdentifier toWire() {
    return ImageIdentifier.builder().imageDigest(digest.orElse(null)).imageTag(tag.orElse(null)).build();
  }

  /** As errors show it. */
  String text() {
    return "{imageDigest:'" + digest.orElse("null") + "', imageTag:'" + tag.orElse("null") + "'}";
  }
}
