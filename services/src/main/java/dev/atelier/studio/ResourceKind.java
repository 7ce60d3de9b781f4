package dev.atelier.studio;

import dev.atelier.kernel.Arn;
import dev.atelier.kernel.Caller;
import dev.atelier.kernel.SageMakerSpelling;
import dev.atelier.models.ServiceModel;
import dev.atelier.models.StructureShape;

/** The kinds of resources that Studio keeps, with the words of their ARNs and of AWS's messages. */
enum ResourceKind {
  DOMAIN("domain", "Domain", "DescribeDomain"),
  USER_PROFILE("user-profile", "UserProfile", "DescribeUserProfile"),
  SPACE("space", "Space", "DescribeSpace"),
  IMAGE("image", "Image", "DescribeImage"),
  IMAGE_VERSION("image-version", "ImageVersion", "DescribeImageVersion"),
  APP_IMAGE_CONFIG("app-image-config", "AppImageConfig", "DescribeAppImageConfig"),
  LIFECYCLE_CONFIG("studio-lifecycle-config", "StudioLifecycleConfig", "DescribeStudioLifecycleConfig"),
  NOTEBOOK_LIFECYCLE_CONFIG("notebook-instance-lifecycle-config", "Notebook Instance Lifecycle Config",
      "DescribeNotebookInstanceLifecycleConfig"),
  CODE_REPOSITORY("code-repository", "CodeRepository", "DescribeCodeRepository");

  private final String arnType;
  private final String words;
  private final String describing;

  ResourceKind(String arnType, String words, String describing) {
    this.arnType = arnType;
    this.words = words;
    this.describing = describing;
  }

  /** The type in its ARNs, by which rows name it, too. */
  String arnType() {
    return arnType;
  }

  /** What AWS's messages call it. */
  String words() {
    return words;
  }

  /** Its ARN of a name, or of the parent's name and its own with a slash between. */
  Arn arn(Caller caller, String name) {
    return Arn.of("sagemaker", caller.region(), caller.account(), SageMakerSpelling.resource(arnType + "/" + name));
  }

  /** What its documents look like: the answer of its Describe operation. */
  StructureShape shape() {
    return ServiceModel.load("sagemaker").operation(describing).orElseThrow().output().orElseThrow();
  }

  /** The status word of a state, in the way of this kind. */
  String status(ResourceState state) {
    return this == IMAGE || this == IMAGE_VERSION ? state.imageStatus() : state.status();
  }

  static ResourceKind of(String arnType) {
    for (ResourceKind kind : values()) {
      if (kind.arnType.equals(arnType)) {
        return kind;
      }
    }
    throw new IllegalArgumentException("no kind of resource is called " + arnType);
  }
}
