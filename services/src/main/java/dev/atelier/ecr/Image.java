package dev.atelier.ecr;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * An image as a repository has it.
 *
 * @param artifactType the media type of its configuration, or what kind of artifact it is
 * @param subject the manifest that it says something about
 * @param size bytes of its layers as they were sent; the largest image's for a list
 * @param tags in alphabetical order
 * @param pulled when its manifest was last asked for; noted once a day, as AWS notes it
 */
public record Image(String digest, String mediaType, Optional<String> artifactType, Optional<String> subject, long size,
    Instant pushed, Optional<Instant> pulled, List<String> tags) {
  public Image {
    tags = List.copyOf(tags);
  }
}
