package dev.atelier.runtimes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What runs for the images whose names the SageMaker SDK 2.257.7 gives to frameworks: all of them, in one region. */
class AwsImagesTest {
  private static final String REGISTRY = "763104351884.dkr.ecr.us-west-2.amazonaws.com/";
  static final List<Interpreter> DEBIAN = pythons("3.11");
  static final List<Interpreter> ALL = pythons("3.11", "3.8", "3.9", "3.10", "3.12", "3.13");

  private static List<Interpreter> pythons(String own, String... others) {
    return Stream.concat(Stream.of(own), Stream.of(others)).map(each -> new Interpreter(each,
        Path.of("/usr/bin/python" + each), Optional.empty(), each.equals(own))).toList();
  }

  static RuntimeCatalogue catalogue(List<Interpreter> pythons) {
    Path none = Path.of("none");
    return new RuntimeCatalogue(none, none, none, none, none, Map.of(), List.of(), () -> pythons);
  }

  static List<String> images() throws IOException {
    try (InputStream in = AwsImagesTest.class.getResourceAsStream("aws-images.txt")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    }
  }

  @Test
  void everyImageRunsButPython2sAndThoseOfFrameworksThatAreNotHere() throws IOException {
    RuntimeCatalogue catalogue = catalogue(DEBIAN);
    assertThat(images()).hasSize(467).allSatisfy(image -> {
      Optional<String> refusal = catalogue.refusal(REGISTRY + image);
      if (image.startsWith("huggingface-tensorflow-")) {
        assertThat(refusal.orElseThrow()).contains("is not in the catalogue", "huggingface-pytorch-training");
      } else if (image.matches(".*-py2(-.*)?")) {
        assertThat(refusal.orElseThrow()).contains("cannot be built here: it asks for Python 2. There is: ");
      } else {
        assertThat(refusal).isEmpty();
      }
    });
  }

  @ParameterizedTest
  @CsvSource({
      // image, framework and Python on Debian 12, and where other Pythons are at hand
      "sagemaker-scikit-learn:0.20.0-cpu-py3, 1.2.1, 3.11, 0.23.2, 3.8",
      "sagemaker-scikit-learn:0.23-1-cpu-py3, 1.2.1, 3.11, 0.23.2, 3.8",
      "sagemaker-scikit-learn:1.0-1-cpu-py3, 1.2.1, 3.11, 1.0.2, 3.8",
      "sagemaker-scikit-learn:1.2-1-cpu-py3, 1.2.1, 3.11, 1.2.1, 3.11",
      "sagemaker-scikit-learn:1.2-1-cpu-py39, 1.2.1, 3.11, 1.2.1, 3.9",
      "sagemaker-scikit-learn:1.4-2-cpu-py3, 1.4.2, 3.11, 1.4.2, 3.11",
      "sagemaker-scikit-learn:1.5-2-cpu-py3, 1.9.1, 3.11, 1.9.1, 3.11",
      "sagemaker-scikit-learn:2.0-1-cpu-py3, 1.9.1, 3.11, 1.9.1, 3.11",
      "sagemaker-scikit-learn, 1.9.1, 3.11, 1.9.1, 3.11",
      "sagemaker-xgboost:0.90-2-cpu-py3, 0.90, 3.11, 0.90, 3.11",
      "sagemaker-xgboost:1.0-1-cpu-py3, 1.0.2, 3.11, 1.0.2, 3.11",
      "sagemaker-xgboost:1.2-2, 1.2.0, 3.11, 1.2.0, 3.11",
      "sagemaker-xgboost:1.7-1, 1.7.4, 3.11, 1.7.4, 3.11",
      "sagemaker-xgboost:3.0-5, 3.0.5, 3.11, 3.0.5, 3.11",
      "sagemaker-xgboost:latest, 3.2.0, 3.11, 3.2.0, 3.11",
      "xgboost:1, 1.7.4, 3.11, 1.7.4, 3.11",
      "tensorflow-training:1.15.5-cpu-py37, 2.12.1, 3.11, 2.8.4, 3.10",
      "tensorflow-training:2.8.0-cpu-py39, 2.12.1, 3.11, 2.8.4, 3.9",
      "tensorflow-training:2.14.1-cpu-py310, 2.14.1, 3.11, 2.14.1, 3.10",
      "tensorflow-training:2.19.0-cpu-py312, 2.19.1, 3.11, 2.19.1, 3.12",
      "tensorflow-inference:2.16.1-cpu, 2.16.2, 3.11, 2.16.2, 3.11",
      "huggingface-pytorch-training:1.13.1-transformers4.26.0-gpu-py39-cu117-ubuntu20.04, 4.26.1, 3.11, 4.26.1, 3.11",
      "huggingface-pytorch-training:2.1.0-transformers4.36.0-gpu-py310-cu121-ubuntu20.04, 4.36.2, 3.11, 4.36.2, 3.11",
      "huggingface-pytorch-inference:1.7.1-transformers4.6.1-cpu-py36-ubuntu18.04, 4.26.1, 3.11, 4.26.1, 3.11",
      "huggingface-pytorch-training:2.8.0-transformers4.56.2-gpu-py312-cu129-ubuntu22.04, 4.46.3, 3.11, 4.46.3, 3.11",
      "python:3.9-slim, 3.11, 3.11, 3.9, 3.9",
      "python:3.12, 3.11, 3.11, 3.12, 3.12",
      "python:3, 3.11, 3.11, 3.11, 3.11",
      "python, 3.11, 3.11, 3.11, 3.11"})
  void theNearestThatCanBeBuiltRuns(String image, String version, String python, String versionOfAll,
      String pythonOfAll) {
    assertThat(chosen(image, DEBIAN)).isEqualTo(version + " on " + python);
    assertThat(chosen(image, ALL)).isEqualTo(versionOfAll + " on " + pythonOfAll);
  }

  private static String chosen(String image, List<Interpreter> pythons) {
    Choice choice = catalogue(pythons).choice(REGISTRY + image).orElseThrow();
    return choice.variant().version() + " on " + choice.interpreter().version();
  }

  @Test
  void withoutAPythonForAnyOfThemTheMessageNamesWhatThereIs() {
    assertThat(catalogue(pythons("3.7")).refusal(REGISTRY + "sagemaker-scikit-learn:0.23-1-cpu-py3")).contains(
        "The image sagemaker-scikit-learn:0.23-1-cpu-py3 cannot be built here: this machine has Python 3.7. There is: "
            + "scikit-learn 0.23.2 on Python 3.8, scikit-learn 1.0.2 on Python 3.8-3.10, "
            + "scikit-learn 1.2.1 on Python 3.8-3.11, scikit-learn 1.4.2 on Python 3.9-3.12, "
            + "scikit-learn 1.9.1 on Python 3.11-3.14.");
  }

  @Test
  void whatDiffersIsSaidBeforeAnythingIsBuilt() {
    assertThat(catalogue(DEBIAN).differences(REGISTRY + "sagemaker-scikit-learn:0.23-1-cpu-py3")).containsExactly(
        "The image tag 0.23-1-cpu-py3 asks for version 0.23; this runtime has scikit-learn 1.2.1",
        "AWS's image 0.23-1 has Python 3.7; this runtime has Python 3.11");
    assertThat(catalogue(DEBIAN).differences(REGISTRY + "tensorflow-training:2.14.1-cpu-py310")).containsExactly(
        "The image tag 2.14.1-cpu-py310 asks for Python 3.10; this runtime has Python 3.11");
    assertThat(catalogue(ALL).differences(REGISTRY + "tensorflow-training:2.14.1-cpu-py310")).isEmpty();
    assertThat(catalogue(DEBIAN).differences(
        REGISTRY + "huggingface-pytorch-training:1.13.1-transformers4.17.0-gpu-py311")).containsExactly(
        "The image tag 1.13.1-transformers4.17.0-gpu-py311 asks for version 4.17.0; "
            + "this runtime has transformers 4.26.1");
  }

  @Test
  void aRepositoryThatNamesItsPythonHasItWhereItIsAtHand() {
    String image = REGISTRY + "sagemaker-base-python-310:1.0";
    assertThat(catalogue(ALL).choice(image).orElseThrow().interpreter().version()).isEqualTo("3.10");
    assertThat(catalogue(ALL).differences(image)).isEmpty();
    assertThat(catalogue(DEBIAN).differences(image)).containsExactly(
        "The image sagemaker-base-python-310 asks for Python 3.10; this runtime has Python 3.11");
  }

  @Test
  void everyEnvironmentIsLockedToTheVersionThatItIsSaidToHave() {
    for (Recipe recipe : Recipe.all()) {
      for (Variant variant : recipe.variants()) {
        String locked = PythonEnvironments.requirements(variant.requirements());
        if (List.of("scikit-learn", "xgboost", "tensorflow", "huggingface").contains(recipe.name())) {
          assertThat(locked).as(variant.requirements()).containsPattern("(?m)^" + recipe.provides().toLowerCase()
              + "(-cpu)?==" + variant.version() + "$");
        }
      }
    }
  }
}
