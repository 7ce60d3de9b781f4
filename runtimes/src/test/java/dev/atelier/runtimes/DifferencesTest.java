package dev.atelier.runtimes;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DifferencesTest {
  private static final AwsImage THEIRS =
      new AwsImage("1.2-1", "3.9", Map.of("numpy", "1.24.1", "pandas", "1.1.3", "scipy", "1.8.0"));

  private static Differences of(String tag) {
    return new Differences(new ImageUri("sagemaker-scikit-learn", tag));
  }

  @Test
  void packagesThatDifferAreNamedWithBothVersions() {
    Map<String, String> ours = Map.of("numpy", "1.24.1", "pandas", "1.5.3");
    assertThat(of("1.2-1-cpu-py3")
        .packages(Optional.of(THEIRS), name -> Optional.ofNullable(ours.get(name))).sentences()).containsExactly(
            "AWS's image 1.2-1 has pandas 1.1.3, scipy 1.8.0; this runtime has pandas 1.5.3, scipy none");
    assertThat(of("1.2-1").packages(Optional.of(THEIRS), name -> Optional.of(THEIRS.packages().get(name))).sentences())
        .isEmpty();
  }

  @Test
  void aTagThatNamesItsPythonIsBelievedMoreThanWhatIsKnownOfTheImage() {
    assertThat(of("1.2-1-cpu-py39").python(Optional.of(THEIRS), "3.9").sentences()).isEmpty();
    assertThat(of("1.2-1-cpu-py38").python(Optional.of(THEIRS), "3.9").sentences()).containsExactly(
        "The image tag 1.2-1-cpu-py38 asks for Python 3.8; this runtime has Python 3.9");
    assertThat(of("1.2-1-cpu-py3").python(Optional.of(THEIRS), "3.11").sentences()).containsExactly(
        "AWS's image 1.2-1 has Python 3.9; this runtime has Python 3.11");
  }

  @Test
  void aBuildForGpusIsOneWhereTheRuntimeHasCuda() {
    assertThat(of("2.0.0-gpu-py310").device(true).sentences()).isEmpty();
    assertThat(of("2.0.0-cpu-py310").device(false).sentences()).isEmpty();
    assertThat(of("2.0.0-gpu-py310").device(false).sentences()).containsExactly(
        "The image tag 2.0.0-gpu-py310 asks for a build for GPUs; this runtime is for processors alone");
  }

  @Test
  void numbersOfAnyLengthAreNoVersion() {
    assertThat(ImageUri.parse("python:99999999999.1-py3999999999999").orElseThrow()).satisfies(uri -> {
      assertThat(uri.version()).isEmpty();
      assertThat(uri.python()).isEmpty();
    });
  }
}
