package dev.atelier.kernel;

import java.util.Locale;
import java.util.Set;

/**
 * How names are spelled in SageMaker's ARNs: in lower case, but for a few types. Source: ARNs in AWS's answers and refusals,
 * such as those of lifecycle configurations in https://github.com/awslabs/service-workbench-on-aws/issues/1176.
 */
public final class SageMakerSpelling {
  private static final Set<String> AS_GIVEN = Set.of("notebook-instance-lifecycle-config");

  private SageMakerSpelling() {}

  /** A name in the ARN of a resource type, such as {@code training-job}. */
  public static String name(String type, String name) {
    return AS_GIVEN.contains(type) ? name : name.toLowerCase(Locale.ROOT);
  }

  /** The resource part of an ARN, {@code type/name}. */
  public static String resource(String resource) {
    return name(resource.split("/", 2)[0], resource);
  }
}
