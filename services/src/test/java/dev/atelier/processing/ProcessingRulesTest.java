package dev.atelier.processing;

import static dev.atelier.processing.ProcessingBench.input;
import static dev.atelier.processing.ProcessingBench.output;
import static dev.atelier.processing.ProcessingBench.outputs;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atelier.kernel.Fault;
import dev.atelier.models.sagemaker.CreateProcessingJobRequest;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProcessingRulesTest {
  private static final String IN = "/opt/ml/processing/in";

  private static CreateProcessingJobRequest complete(Map<String, Object> changes) {
    return ProcessingRules.withDefaults(
        CreateProcessingJobRequest.fromDocument(ProcessingBench.request("job", changes)));
  }

  private static void check(Map<String, Object> changes) {
    ProcessingRules.check(complete(changes));
  }

  private static Map<String, Object> inputs(Object... inputs) {
    return Map.of("ProcessingInputs", List.of(inputs));
  }

  private static Map<String, Object> dataset(Map<String, Object> definition) {
    Map<String, Object> whole = new HashMap<>(definition);
    whole.put("LocalPath", IN);
    return Map.of("InputName", "q", "DatasetDefinition", whole);
  }

  private static final Map<String, Object> ATHENA = Map.of("AthenaDatasetDefinition", Map.of("Catalog", "c",
      "Database", "d", "QueryString", "select 1", "OutputS3Uri", "s3://data/q", "OutputFormat", "PARQUET"));
  private static final Map<String, Object> REDSHIFT = Map.of("RedshiftDatasetDefinition", Map.of("ClusterId", "c",
      "Database", "d", "DbUser", "u", "QueryString", "select 1", "ClusterRoleArn", "arn:aws:iam::123456789012:role/r",
      "OutputS3Uri", "s3://data/q", "OutputFormat", "CSV"));

  static Stream<Arguments> refused() {
    Map<String, Object> both = new HashMap<>(dataset(ATHENA));
    both.put("S3Input", Map.of("S3Uri", "s3://data/x", "LocalPath", IN, "S3DataType", "S3Prefix"));
    Map<String, Object> twoQueries = new HashMap<>(ATHENA);
    twoQueries.putAll(REDSHIFT);
    return Stream.of(
        Arguments.of(inputs(both), "Exactly one of S3Input and DatasetDefinition"),
        Arguments.of(inputs(Map.of("InputName", "none")), "Exactly one of S3Input and DatasetDefinition"),
        Arguments.of(inputs(dataset(twoQueries)), "Exactly one of AthenaDatasetDefinition"),
        Arguments.of(inputs(dataset(Map.of())), "Exactly one of AthenaDatasetDefinition"),
        Arguments.of(inputs(input("a", "s3://data/a", "/tmp/a", Map.of())), "/opt/ml/processing/"),
        Arguments.of(inputs(input("a", "s3://data/a", "/opt/ml/processing/", Map.of())), "Invalid LocalPath"),
        Arguments.of(inputs(input("a", "s3://data/a", "/opt/ml/processing/../x", Map.of())), "Invalid LocalPath"),
        Arguments.of(inputs(input("a", "s3://data/a", "", Map.of())), "LocalPath is required"),
        Arguments.of(inputs(input("a", "s3://data/a", IN, Map.of()), input("a", "s3://data/b", IN + "2", Map.of())),
            "InputNames must be unique"),
        Arguments.of(inputs(input("a", "s3://data/a", IN, Map.of()), input("b", "s3://data/b", IN + "/", Map.of())),
            "each must have a LocalPath of its own"),
        Arguments.of(inputs(input("a", "s3://data/a", IN, Map.of("S3CompressionType", "Gzip"))),
            "Gzip can only be used if Pipe"),
        Arguments.of(inputs(input("a", "https://example.com/a", IN, Map.of())), "S3 URL"),
        Arguments.of(outputs(output("o", "s3://data/o", "/opt/ml/output", "EndOfJob")), "Invalid LocalPath"),
        Arguments.of(outputs(output("o", "s3://data/o", IN, "EndOfJob"), output("o", "s3://data/p", IN, "EndOfJob")),
            "OutputNames must be unique"),
        Arguments.of(outputs(Map.of("OutputName", "o")), "Exactly one of S3Output and FeatureStoreOutput"),
        Arguments.of(outputs(Map.of("OutputName", "o", "FeatureStoreOutput", Map.of("FeatureGroupName", "g"))),
            "AppManaged must be true"),
        Arguments.of(Map.of("AppSpecification", Map.of("ImageUri", "image", "ContainerEntrypoint", List.of("run"),
            "ContainerArguments", List.of("a", ""))), "null or empty string in ContainerArguments at index 1"),
        Arguments.of(Map.of("AppSpecification", Map.of("ImageUri", "image", "ContainerEntrypoint", List.of("a\0b"))),
            "NUL character in ContainerEntrypoint at index 0"),
        Arguments.of(Map.of("Environment", Map.of("A", "\0")), "NUL character in the value of \"A\" in Environment"),
        Arguments.of(Map.of("ProcessingResources", Map.of("ClusterConfig",
            Map.of("InstanceType", "ml.gone", "InstanceCount", 1, "VolumeSizeInGB", 1))), "ml.gone"));
  }

  @ParameterizedTest
  @MethodSource
  void refused(Map<String, Object> changes, String words) {
    assertThatThrownBy(() -> check(changes)).isInstanceOf(Fault.class).hasMessageContaining(words)
        .extracting(e -> ((Fault) e).code()).isEqualTo("ValidationException");
  }

  static Stream<Arguments> notBuilt() {
    return Stream.of(
        Arguments.of(inputs(dataset(ATHENA)), "ProcessingInputs.DatasetDefinition.AthenaDatasetDefinition"),
        Arguments.of(inputs(dataset(REDSHIFT)), "ProcessingInputs.DatasetDefinition.RedshiftDatasetDefinition"),
        Arguments.of(inputs(input("a", "s3://data/a", IN, Map.of("S3InputMode", "Pipe", "S3CompressionType", "Gzip"))),
            "S3InputMode Pipe"),
        Arguments.of(outputs(Map.of("OutputName", "o", "AppManaged", true,
            "FeatureStoreOutput", Map.of("FeatureGroupName", "g"))), "FeatureStoreOutput"));
  }

  @ParameterizedTest
  @MethodSource
  void notBuilt(Map<String, Object> changes, String member) {
    assertThatThrownBy(() -> check(changes)).isInstanceOf(Fault.class).hasMessageContaining(member)
        .extracting(e -> ((Fault) e).code()).isEqualTo("UnsupportedOperation");
  }

  @ParameterizedTest
  @ValueSource(strings = {IN, IN + "/", "/opt/ml/processing/input/code/"})
  void foldersOfTheContractMayEndWithASlash(String folder) {
    assertThatCode(() -> check(inputs(input("a", "s3://data/a", folder, Map.of())))).doesNotThrowAnyException();
  }

  @Test
  void whatTheProgramManagesNeedsNoFolder() {
    Map<String, Object> input = Map.of("InputName", "a", "AppManaged", true,
        "S3Input", Map.of("S3Uri", "s3://data/a", "S3DataType", "S3Prefix"));
    Map<String, Object> output = Map.of("OutputName", "o", "AppManaged", true,
        "S3Output", Map.of("S3Uri", "s3://data/o", "S3UploadMode", "EndOfJob"));
    Map<String, Object> both = new HashMap<>(inputs(input));
    both.putAll(outputs(output));
    assertThatCode(() -> check(both)).doesNotThrowAnyException();
  }

  @Test
  void theDefaultsAreThoseOfAws() {
    CreateProcessingJobRequest request = complete(inputs(input("a", "s3://data/a", IN, Map.of())));
    assertThat(request.stoppingCondition().maxRuntimeInSeconds()).isEqualTo(86_400);
    assertThat(request.processingInputs().getFirst().appManaged()).isFalse();
    assertThat(request.processingInputs().getFirst().s3Input().toDocument()).containsEntry("S3InputMode", "File")
        .containsEntry("S3DataDistributionType", "FullyReplicated").containsEntry("S3CompressionType", "None");
  }
}
