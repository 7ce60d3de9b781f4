package dev.atelier.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atelier.kernel.Fault;
import dev.atelier.models.sagemaker.CreateTrainingJobRequest;
import dev.atelier.models.sagemaker.ResourceConfig;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class TrainingRulesTest {
  private static void check(Map<String, Object> changes) {
    TrainingRules.check(TrainingRules.withDefaults(
        CreateTrainingJobRequest.fromDocument(TrainingBench.request("job", changes))));
  }

  private static Map<String, Object> channel(String name) {
    return Map.of("InputDataConfig", List.of(Map.of("ChannelName", name, "DataSource",
        Map.of("S3DataSource", Map.of("S3DataType", "S3Prefix", "S3Uri", "s3://data/train")))));
  }

  private static Map<String, Object> algorithm(String member, String word) {
    return Map.of("AlgorithmSpecification",
        Map.of("TrainingImage", "image", "TrainingInputMode", "File", member, List.of("sh", word)));
  }

  private static Map<String, Object> resources(Map<String, Object> changes) {
    Map<String, Object> resources = new HashMap<>(Map.of("InstanceType", "ml.m5.large", "InstanceCount", 1));
    resources.putAll(changes);
    return Map.of("ResourceConfig", resources);
  }

  static Stream<Arguments> refused() {
    return Stream.of(
        Arguments.of(channel(".."), "The channel name .. cannot be the name of a folder."),
        Arguments.of(channel("."), "The channel name . cannot be the name of a folder."),
        Arguments.of(algorithm("ContainerEntrypoint", "a\0"),
            "NUL character in AlgorithmSpecification.ContainerEntrypoint at index 1"),
        Arguments.of(algorithm("ContainerArguments", "\0"),
            "NUL character in AlgorithmSpecification.ContainerArguments at index 1"),
        Arguments.of(Map.of("Environment", Map.of("A", "b\0c")), "NUL character in the value of \"A\" in Environment"),
        Arguments.of(Map.of("HyperParameters", Map.of("rate", "1\0")), "the value of \"rate\" in HyperParameters"),
        Arguments.of(Map.of("HyperParameters", Map.of("r\0", "1")), "NUL character in a key of HyperParameters"),
        Arguments.of(Map.of("CheckpointConfig", Map.of("S3Uri", "s3://data/c", "LocalPath", "/opt/ml/../c")),
            "must be an absolute path without . and .."),
        Arguments.of(resources(Map.of("InstanceCount", 0)), "Value '0' at 'resourceConfig.instanceCount'"));
  }

  @ParameterizedTest
  @MethodSource
  void refused(Map<String, Object> changes, String words) {
    assertThatThrownBy(() -> check(changes)).isInstanceOf(Fault.class).hasMessageContaining(words)
        .extracting(e -> ((Fault) e).code()).isEqualTo("ValidationException");
  }

  @Test
  void dotsWithinAChannelsNameAreTaken() {
    assertThatCode(() -> check(channel("..."))).doesNotThrowAnyException();
    assertThatCode(() -> check(resources(Map.of()))).doesNotThrowAnyException();
  }

  @Test
  void theInstancesOfAllGroupsCount() {
    Map<String, Object> group = Map.of("InstanceType", "ml.m5.large", "InstanceCount", Integer.MAX_VALUE);
    Map<String, Object> second = new HashMap<>(group);
    assertThat(TrainingRules.count(ResourceConfig.fromDocument(Map.of("InstanceGroups", List.of(group, second)))))
        .isEqualTo(2L * Integer.MAX_VALUE);
    assertThat(TrainingRules.count(ResourceConfig.fromDocument(Map.of("InstanceCount", 3)))).isEqualTo(3);
  }
}
