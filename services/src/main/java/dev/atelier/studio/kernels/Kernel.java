package dev.atelier.studio.kernels;

import dev.atelier.kernel.Arn;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * A kernel as stored.
 *
 * @param owner the ARN of the profile or space
 * @param spec the name of its kernelspec, which names the image too
 * @param name what the image knows it by, such as {@code python3}
 * @param path the document that it was started for, relative to the home; empty without one
 * @param environment further variables of its process
 * @param app the KernelGateway app that it runs in
 * @param image the image's ARN
 * @param reason why it is dead, in a sentence
 * @param activityAt when it said something last, as far as that is stored
 * @param watched how far its record was read; see {@code spool.py}
 * @param script the ARN of the start-up script of its app, when that has to be made
 */
public record Kernel(String id, Arn owner, String spec, String name, String path, Map<String, String> environment,
    Arn app, String instanceType, String image, State state, Optional<String> reason, Instant createdAt,
    Instant activityAt, long watched, Optional<String> script) {

  /** Where a kernel stands. */
  public enum State {
    /** Its app is being started, or it is about to be started in it. */
    STARTING,
    /** Its app was asked to start it. */
    STARTED,
    /** Its app is gone, or refused it. */
    DEAD
  }

  /** The app's name. */
  public String appName() {
    return room().name();
  }

  Gateways.Room room() {
    return new Gateways.Room(app, Arn.parse(image).orElseThrow(), instanceType);
  }
}
