package dev.atelier.studio.kernels;

import dev.atelier.identity.SecretToken;
import dev.atelier.kernel.Arn;
import dev.atelier.kernel.Fault;
import java.util.Locale;
import java.util.Optional;

/**
 * What a kernelspec's name asks for. AWS's notebooks name both, as in {@code
 * python3__SAGEMAKER_INTERNAL__arn:aws:sagemaker:us-east-1:081325390199:image/datascience-1.0}; others name the kernel
 * alone.
 *
 * @param kernel what the image knows it by
 * @param image an image or an image's version
 */
record KernelChoice(String kernel, Optional<Arn> image) {
  private static final String BETWEEN = "__SAGEMAKER_INTERNAL__";
  private static final int MOST_SLUG = 20;
  private static final int HASH = 20;

  /** @throws Fault ValidationException: the part behind the kernel's name is no image's ARN */
  static KernelChoice of(String spec) {
    int at = spec.indexOf(BETWEEN);
    if (at < 0) {
      return new KernelChoice(spec, Optional.empty());
    }
    String named = spec.substring(at + BETWEEN.length());
    Arn arn = Arn.parse(named).filter(found -> found.resource().startsWith("image"))
        .orElseThrow(() -> Fault.validation("The kernel " + spec + " names no image."));
    String[] parts = arn.resource().split("/");
    Arn image = parts.length == 3 && parts[0].equals("image")
        ? new Arn(arn.partition(), arn.service(), arn.region(), arn.account(), "image-version/" + parts[1] + "/" + parts[2])
        : arn;
    return new KernelChoice(spec.substring(0, at), Optional.of(image));
  }

  static String spec(String kernel, Arn image) {
    return kernel + BETWEEN + (image.resource().startsWith("image-version/")
        ? image.toString().replace(":image-version/", ":image/") : image.toString());
  }

  /**
   * The name of the app that runs an image on an instance type, such as {@code
   * datascience-1-0-ml-t3-medium-1abf3407f667f989be9d}.
   *
   * @param version tells versions of an image apart
   */
  static String appName(Arn image, String version, String instanceType) {
    String name = slug(image.resource().split("/")[1].replaceFirst("^sagemaker-", ""));
    String type = slug(instanceType);
    return name.substring(0, Math.min(MOST_SLUG, name.length())).replaceAll("-+$", "") + "-" + type + "-"
        + SecretToken.hash(version + " " + instanceType).substring(0, HASH);
  }

  private static String slug(String text) {
    return text.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-").replaceAll("^-|-$", "");
  }
}
