package dev.atelier.ecr;

import dev.atelier.kernel.Fault;

/** ECR's errors, in its words. */
final class EcrFault {
  private EcrFault() {}

  static Fault of(String code, String message) {
    return new Fault(code, 400, message);
  }

  /** A member of the request is not what it must be. */
  static Fault invalid(String member, String constraint) {
    return of("InvalidParameterException",
        "Invalid parameter at '" + member + "' failed to satisfy constraint: '" + constraint + "'");
  }

  static Fault repositoryNotFound(String name, String registry) {
    return of("RepositoryNotFoundException",
        "The repository with name '" + name + "' does not exist in the registry with id '" + registry + "'");
  }

  static Fault imageNotFound(ImageId id, Repository repository) {
    return of("ImageNotFoundException", "The image with imageId " + id.text() + " does not exist within the repository"
        + " with name '" + repository.name() + "' in the registry with id '" + repository.account() + "'");
  }

  static Fault uploadNotFound(String id, Repository repository) {
    return of("UploadNotFoundException", "The upload '" + id + "' could not be found in the repository with name '"
        + repository.name() + "' in the registry with id '" + repository.account() + "'");
  }

  static Fault layersNotFound(String digests, Repository repository) {
    return of("LayersNotFoundException", "Layers with digests '[" + digests + "]' required for pushing image into "
        + "repository with name '" + repository.name() + "' in the registry with id '" + repository.account()
        + "' do not exist");
  }

  static Fault digestMismatch(String message) {
    return of("InvalidLayerException", message);
  }
}
