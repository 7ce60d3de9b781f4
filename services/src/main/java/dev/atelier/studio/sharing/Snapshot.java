package dev.atelier.studio.sharing;

import dev.atelier.jobs.S3Location;
import dev.atelier.kernel.Arn;
import java.time.Instant;
import java.util.Optional;

/**
 * A notebook as it was when somebody shared it.
 *
 * @param id not to be guessed
 * @param domain the domain whose users may see it
 * @param owner the name of the profile or space that shared it
 * @param name of the file
 * @param location where it lies in S3
 */
public record Snapshot(String id, Arn domain, String owner, String name, S3Location location, Details details,
    Instant createdAt) {

  /**
   * What it runs on and where it comes from, as far as it says.
   *
   * @param kernel the kernel's name, with the image's ARN
   * @param image what people call kernel and image
   */
  public record Details(Optional<String> instanceType, Optional<String> kernel, Optional<String> image,
      Optional<Checkout> git) {}
}
