package dev.atelier.studio;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.atelier.kernel.Arn;
import dev.atelier.kernel.Region;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * AWS's own images of Studio. Source: the names and accounts of AWS's developer guide, "Available Amazon SageMaker
 * Images".
 */
final class BuiltInImages {
  private static final Content CONTENT = read();

  private BuiltInImages() {}

  private record Content(Map<String, String> accounts, List<BuiltIn> images) {}

  /**
   * An image.
   *
   * @param name the last part of its ARN
   * @param repository of the catalogue that it is made from
   * @param tag with the versions that its name promises
   * @param gpu whether it is meant for instance types with GPUs
   * @param hidden whether it is an older one, which notebooks may name and people are not offered
   */
  record BuiltIn(String name, String displayName, String repository, String tag, boolean gpu, boolean hidden) {
    /** What the catalogue knows it by. */
    String uri(Region region) {
      return registry(arn(region)) + "/" + repository + ":" + tag;
    }

    Arn arn(Region region) {
      return new Arn(region.partition().id(), "sagemaker", region.name(),
          CONTENT.accounts().getOrDefault(region.name(), CONTENT.accounts().get("us-east-1")), "image/" + name);
    }
  }

  private static Content read() {
    try (InputStream in = BuiltInImages.class.getResourceAsStream("images.json")) {
      return new ObjectMapper().readValue(in, Content.class);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The registry that an image of AWS's comes from, without a slash at its end. */
  static String registry(Arn image) {
    return image.account() + ".dkr.ecr." + image.region() + "." + new Region(image.region()).partition().dnsSuffix();
  }

  static List<BuiltIn> all() {
    return CONTENT.images();
  }

  static Optional<BuiltIn> named(String name) {
    return CONTENT.images().stream().filter(image -> image.name().equals(name)).findFirst();
  }
}
