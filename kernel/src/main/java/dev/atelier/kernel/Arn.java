package dev.atelier.kernel;

import java.util.Optional;

/**
 * An Amazon Resource Name, {@code arn:partition:service:region:account:resource}. Region and account are empty for
 * global resources; the resource may hold colons.
 */
public record Arn(String partition, String service, String region, String account, String resource) {

  /** The ARN of a resource that belongs to an account and a region. */
  public static Arn of(String service, Region region, AccountId account, String resource) {
    return new Arn(region.partition().id(), service, region.name(), account.value(), resource);
  }

  /** The ARN of a resource of a global service, such as an IAM role. */
  public static Arn global(Partition partition, String service, AccountId account, String resource) {
    return new Arn(partition.id(), service, "", account.value(), resource);
  }

  /** The parts of {@code text}, or empty when it is no ARN. */
  public static Optional<Arn> parse(String text) {
    String[] parts = text.split(":", 6);
    if (parts.length < 6 || !parts[0].equals("arn") || parts[1].isEmpty() || parts[2].isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(new Arn(parts[1], parts[2], parts[3], parts[4], parts[5]));
  }

  @Override
  public String toString() {
    return "arn:" + partition + ":" + service + ":" + region + ":" + account + ":" + resource;
  }
}
