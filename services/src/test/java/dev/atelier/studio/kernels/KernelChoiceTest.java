package dev.atelier.studio.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atelier.kernel.Arn;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class KernelChoiceTest {
  private static final String IMAGE = "arn:aws:sagemaker:us-east-1:081325390199:image/datascience-1.0";

  @Test
  void awsNamesSayKernelAndImage() {
    KernelChoice choice = KernelChoice.of("python3__SAGEMAKER_INTERNAL__" + IMAGE);
    assertThat(choice).isEqualTo(new KernelChoice("python3", Arn.parse(IMAGE)));
    assertThat(KernelChoice.spec("python3", choice.image().orElseThrow()))
        .isEqualTo("python3__SAGEMAKER_INTERNAL__" + IMAGE);
    assertThat(KernelChoice.of("ir")).isEqualTo(new KernelChoice("ir", Optional.empty()));
    assertThatThrownBy(() -> KernelChoice.of("python3__SAGEMAKER_INTERNAL__arn:aws:iam::1:role/r"))
        .hasMessageContaining("names no image");
  }

  @Test
  void aVersionIsNamedBehindItsImage() {
    String name = "python3__SAGEMAKER_INTERNAL__arn:aws:sagemaker:us-east-1:111122223333:image/mine/2";
    KernelChoice choice = KernelChoice.of(name);
    assertThat(choice.image().orElseThrow().resource()).isEqualTo("image-version/mine/2");
    assertThat(KernelChoice.spec("python3", choice.image().orElseThrow())).isEqualTo(name);
  }

  @Test
  void appsAreNamedAsOnAwsAndApartByVersion() {
    Arn image = Arn.parse(IMAGE).orElseThrow();
    String name = KernelChoice.appName(image, IMAGE, "ml.t3.medium");
    assertThat(name).startsWith("datascience-1-0-ml-t3-medium-").matches("[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}");
    assertThat(KernelChoice.appName(image, IMAGE + "/2", "ml.t3.medium")).isNotEqualTo(name);
    Arn longest = Arn.parse(IMAGE.replace("datascience-1.0", "a" + "-b".repeat(31))).orElseThrow();
    assertThat(KernelChoice.appName(longest, "v", "ml.trn1n.32xlarge"))
        .matches("[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}");
  }
}
