package dev.atelier.studio;

import dev.atelier.kernel.AccountId;
import dev.atelier.kernel.Arn;
import dev.atelier.kernel.Caller;
import dev.atelier.kernel.Fault;
import dev.atelier.kernel.Region;
import dev.atelier.runtimes.Images;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Finds what the images of settings and apps stand for: images that the account made, and images of other accounts,
 * which are AWS's own and are known by their names in the catalogue.
 */
final class StudioImages {
  private final StudioStore store;
  private final Images images;

  StudioImages(StudioStore store, Images images) {
    this.store = store;
    this.images = images;
  }

  /**
   * An image that can run.
   *
   * @param version the version of an image of the account's own
   * @param uri what the catalogue knows it by
   */
  record Resolved(Arn image, Optional<Arn> version, String uri) {}

  /** Why nothing can be run from a container image, naming what can; empty when it can. */
  Optional<String> refusal(String uri) {
    return images.refusal(uri);
  }

  /** Sentences on what one of AWS's images has not here. */
  List<String> differences(BuiltInImages.BuiltIn image, Region region) {
    return images.differences(image.uri(region));
  }

  /** Checks the images that a resource specification names. */
  void check(Caller caller, Map<?, ?> spec) {
    resolve(caller, spec);
  }

  /**
   * The image of a resource specification, where its version wins over its alias and that over the latest; empty when it
   * names none.
   *
   * @throws Fault ValidationException: there is no such image or version, or it cannot be used
   */
  Optional<Resolved> resolve(Caller caller, Map<?, ?> spec) {
    Optional<String> alias = Optional.ofNullable((String) spec.get("SageMakerImageVersionAlias"));
    if (spec.get("SageMakerImageVersionArn") instanceof String text && !text.equals(SettingsCheck.NONE)) {
      Arn arn = arn(text);
      if (isForeign(caller, arn)) {
        return Optional.of(foreign(imageOf(arn), Optional.of(arn)));
      }
      return Optional.of(own(usable(store.find(arn), "ImageVersion " + text)));
    }
    if (spec.get("SageMakerImageArn") instanceof String text) {
      Arn arn = arn(text);
      if (isForeign(caller, arn)) {
        return Optional.of(foreign(arn, Optional.empty()));
      }
      StudioResource image = store.find(arn).filter(found -> found.kind() == ResourceKind.IMAGE)
          .orElseThrow(() -> Fault.validation("Image " + text + " does not exist."));
      return Optional.of(own(alias.map(name -> usable(Versions.byAlias(store, image, name),
              "ImageVersion with alias " + name + " of " + text))
          .orElseGet(() -> usable(Versions.latest(store, image), "Latest ImageVersion of " + text))));
    }
    return Optional.empty();
  }

  /** A version of an image of the account's own: that of a number, else the latest. */
  Resolved requireVersion(Caller caller, String name, Optional<Integer> number) {
    StudioResource image = store.find(ResourceKind.IMAGE.arn(caller, name))
        .orElseThrow(() -> Fault.validation("Image with ImageName " + name + " does not exist."));
    return own(usable(number.map(each -> store.find(ResourceKind.IMAGE_VERSION.arn(caller, name + "/" + each)))
            .orElseGet(() -> Versions.latest(store, image)),
        number.map(each -> "ImageVersion " + each).orElse("Latest ImageVersion") + " with ImageName " + name));
  }

  private static StudioResource usable(Optional<StudioResource> version, String what) {
    StudioResource found = version.filter(each -> each.kind() == ResourceKind.IMAGE_VERSION)
        .orElseThrow(() -> Fault.validation(what + " does not exist."));
    if (found.state() != ResourceState.IN_SERVICE) {
      throw Fault.validation(what + " is in an invalid state: " + found.status() + ".");
    }
    return found;
  }

  private static Resolved own(StudioResource version) {
    return new Resolved(imageOf(version.arn()), Optional.of(version.arn()),
        version.text("BaseImage").orElseThrow());
  }

  /** AWS's image of a name: the catalogue knows it as a repository of that name. */
  private Resolved foreign(Arn image, Optional<Arn> version) {
    String name = image.resource().substring(image.resource().indexOf('/') + 1);
    String uri = BuiltInImages.named(name).map(known -> known.uri(new Region(image.region())))
        .orElseGet(() -> BuiltInImages.registry(image) + "/" + name + ":latest");
    images.refusal(uri).ifPresent(reason -> {
      throw Fault.validation("The SageMaker image " + image + " is not available. " + reason);
    });
    return new Resolved(image, version, uri);
  }

  private static boolean isForeign(Caller caller, Arn arn) {
    if (arn.account().equals(caller.account().value()) && !arn.region().equals(caller.region().name())) {
      throw Fault.validation("The SageMaker image " + arn + " is not in the region " + caller.region().name() + ".");
    }
    return !new AccountId(arn.account()).equals(caller.account());
  }

  private static Arn imageOf(Arn version) {
    String[] parts = version.resource().split("/");
    return new Arn(version.partition(), version.service(), version.region(), version.account(), "image/" + parts[1]);
  }

  private static Arn arn(String text) {
    return Arn.parse(text).filter(arn -> Region.isRegion(arn.region())).orElseThrow(
        () -> Fault.validation("The image ARN " + text + " is not valid."));
  }
}
