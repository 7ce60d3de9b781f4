package dev.atelier.studio;

import dev.atelier.kernel.Arn;
import dev.atelier.kernel.Caller;
import dev.atelier.kernel.Fault;
import dev.atelier.studio.KernelApps.Place;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The images that notebooks run on: AWS's own, and those that settings attach. */
public final class NotebookImages {
  private final StudioStore studio;
  private final KernelApps apps;
  private final StudioImages images;

  NotebookImages(StudioStore studio, KernelApps apps, StudioImages images) {
    this.studio = studio;
    this.apps = apps;
    this.images = images;
  }

  /** A kernel that an image is known to have. */
  public record KernelName(String name, String displayName) {}

  /**
   * An image that notebooks may run on.
   *
   * @param image its ARN
   * @param version of an image of the account's own that was attached with a version
   * @param displayName what people call it
   * @param custom whether the account made it
   * @param gpu whether it is meant for instance types with GPUs
   * @param older whether it runs notebooks that name it, and is not offered
   * @param differences sentences on what it has not here
   */
  public record Offer(Arn image, Optional<Arn> version, String displayName, boolean custom, boolean gpu,
      boolean older, List<String> differences, List<KernelName> kernels) {
    /** What kernelspecs name. */
    public Arn named() {
      return version.orElse(image);
    }
  }

  /** The images that people are offered: AWS's own, then those that were attached. */
  public List<Offer> offers(Place place) {
    return known(place).stream().filter(offer -> !offer.older()).toList();
  }

  /** The images that notebooks may name, with the older ones of AWS's, which nobody is offered any more. */
  public List<Offer> known(Place place) {
    Caller caller = KernelApps.caller(place);
    List<Offer> offers = new ArrayList<>();
    for (BuiltInImages.BuiltIn image : BuiltInImages.all()) {
      offers.add(new Offer(image.arn(place.region()), Optional.empty(), image.displayName(), false, image.gpu(),
          image.hidden(), images.differences(image, place.region()), List.of(new KernelName("python3", "Python 3"))));
    }
    apps.settings(place).ifPresent(settings -> settings.customImages(KernelApps.TYPE)
        .forEach(attached -> custom(caller, attached).ifPresent(offers::add)));
    return offers;
  }

  /** An attached image; empty when it or its configuration is gone. */
  private Optional<Offer> custom(Caller caller, Map<?, ?> attached) {
    Optional<StudioResource> image = studio.find(ResourceKind.IMAGE.arn(caller, (String) attached.get("ImageName")));
    Optional<StudioResource> config = studio.find(
        ResourceKind.APP_IMAGE_CONFIG.arn(caller, (String) attached.get("AppImageConfigName")));
    if (image.isEmpty() || config.isEmpty()) {
      return Optional.empty();
    }
    List<KernelName> kernels = new ArrayList<>();
    if (config.get().structure("KernelGatewayImageConfig").get("KernelSpecs") instanceof List<?> specs) {
      specs.forEach(each -> {
        Map<?, ?> spec = (Map<?, ?>) each;
        String name = (String) spec.get("Name");
        kernels.add(new KernelName(name, spec.get("DisplayName") instanceof String shown ? shown : name));
      });
    }
    Optional<Arn> version = Optional.ofNullable((Integer) attached.get("ImageVersionNumber"))
        .map(number -> ResourceKind.IMAGE_VERSION.arn(caller, image.get().name() + "/" + number));
    return Optional.of(new Offer(image.get().arn(), version,
        image.get().text("DisplayName").orElse(image.get().name()), true, false, false, List.of(),
        kernels.isEmpty() ? List.of(new KernelName("python3", "Python 3")) : kernels));
  }

  /**
   * The version of an image that an app would run now: what tells apps of one image apart.
   *
   * @throws Fault ValidationException: there is no such image, or it cannot be used
   */
  public String version(Place place, Arn image) {
    return images.resolve(KernelApps.caller(place), spec(image)).orElseThrow().version().orElse(image).toString();
  }

  /** An image or image version as a resource specification names it. */
  public static Map<String, Object> spec(Arn image) {
    return image.resource().startsWith("image-version/")
        ? Map.of("SageMakerImageVersionArn", image.toString()) : Map.of("SageMakerImageArn", image.toString());
  }

  /**
   * What the image catalogue knows an image by.
   *
   * @throws Fault ValidationException: there is no such image, or it cannot be used
   */
  public String uri(Place place, Arn image) {
    return images.resolve(KernelApps.caller(place), spec(image)).orElseThrow().uri();
  }

  /** The instance type that notebooks on an image get which name none. */
  public String defaultInstanceType(Place place, Arn image) {
    String name = image.resource().substring(image.resource().indexOf('/') + 1);
    if (!image.account().equals(place.account().value())
        && BuiltInImages.named(name).filter(BuiltInImages.BuiltIn::gpu).isPresent()) {
      return EffectiveSettings.DEFAULT_GPU_TYPE;
    }
    return apps.settings(place).map(settings -> (String) settings.resourceSpec(KernelApps.TYPE, Map.of()).get("InstanceType"))
        .orElse(EffectiveSettings.DEFAULT_TYPE);
  }

  /** The image that notebooks get which name none. */
  public Arn defaultImage(Place place) {
    return apps.settings(place).map(settings -> settings.resourceSpec(KernelApps.TYPE, Map.of()))
        .map(spec -> spec.containsKey("SageMakerImageVersionArn") ? spec.get("SageMakerImageVersionArn")
            : spec.get("SageMakerImageArn")).map(String.class::cast).flatMap(Arn::parse)
        .orElseGet(() -> offers(place).getFirst().named());
  }
}
