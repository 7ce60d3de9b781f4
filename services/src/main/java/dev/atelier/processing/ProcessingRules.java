package dev.atelier.processing;

import dev.atelier.jobs.InstanceType;
import dev.atelier.jobs.ProgramText;
import dev.atelier.jobs.S3Location;
import dev.atelier.kernel.Fault;
import dev.atelier.models.sagemaker.AppSpecification;
import dev.atelier.models.sagemaker.CreateProcessingJobRequest;
import dev.atelier.models.sagemaker.DatasetDefinition;
import dev.atelier.models.sagemaker.ProcessingInput;
import dev.atelier.models.sagemaker.ProcessingOutput;
import dev.atelier.models.sagemaker.ProcessingS3Input;
import dev.atelier.models.sagemaker.ProcessingStoppingCondition;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What a request must be beyond what the model says of each member, and what it means where it says nothing. */
final class ProcessingRules {
  private static final int DAY_SECONDS = 86_400;

  private ProcessingRules() {}

  /** The request with AWS's defaults, as it is described later. */
  static CreateProcessingJobRequest withDefaults(CreateProcessingJobRequest request) {
    CreateProcessingJobRequest.Builder complete = request.toBuilder()
        .processingInputs(request.processingInputs().stream().map(ProcessingRules::withDefaults).toList());
    if (request.stoppingCondition() == null) {
      complete.stoppingCondition(
          ProcessingStoppingCondition.builder().maxRuntimeInSeconds(DAY_SECONDS).build());
    }
    if (request.processingOutputConfig() != null) {
      complete.processingOutputConfig(request.processingOutputConfig().toBuilder()
          .outputs(request.processingOutputConfig().outputs().stream().map(output ->
              output.appManaged() == null ? output.toBuilder().appManaged(false).build() : output).toList())
          .build());
    }
    return complete.build();
  }

  private static ProcessingInput withDefaults(ProcessingInput input) {
    ProcessingInput.Builder complete = input.toBuilder().appManaged(Boolean.TRUE.equals(input.appManaged()));
    ProcessingS3Input s3 = input.s3Input();
    if (s3 != null) {
      complete.s3Input(s3.toBuilder()
          .s3InputMode(s3.s3InputMode() == null ? "File" : s3.s3InputMode())
          .s3DataDistributionType(s3.s3DataDistributionType() == null ? "FullyReplicated" : s3.s3DataDistributionType())
          .s3CompressionType(s3.s3CompressionType() == null ? "None" : s3.s3CompressionType())
          .build());
    }
    return complete.build();
  }

  /** @throws Fault ValidationException, or UnsupportedOperation that names the member */
  static void check(CreateProcessingJobRequest request) {
    InstanceType.require(request.processingResources().clusterConfig().instanceType());
    AppSpecification app = request.appSpecification();
    present(app.containerEntrypoint(), "ContainerEntrypoint");
    present(app.containerArguments(), "ContainerArguments");
    ProgramText.require("Environment", request.environment());
    Set<String> names = new HashSet<>();
    Set<String> folders = new HashSet<>();
    for (ProcessingInput input : request.processingInputs()) {
      named(input.inputName(), names, "InputName");
      check(input, folders);
    }
    if (request.processingOutputConfig() != null) {
      Set<String> outputs = new HashSet<>();
      for (ProcessingOutput output : request.processingOutputConfig().outputs()) {
        named(output.outputName(), outputs, "OutputName");
        check(output);
      }
    }
    request.processingInputs().forEach(ProcessingRules::supported);
    if (request.processingOutputConfig() != null
        && request.processingOutputConfig().outputs().stream().anyMatch(each -> each.featureStoreOutput() != null)) {
      throw unsupported("ProcessingOutputConfig.Outputs.FeatureStoreOutput");
    }
  }

  private static void present(List<String> words, String member) {
    for (int i = 0; i < words.size(); i++) {
      if (words.get(i) == null || words.get(i).isEmpty()) {
        throw Fault.validation("Found null or empty string in " + member + " at index " + i
            + ". ContainerArguments and ContainerEntrypoint may not contain null or empty strings.");
      }
    }
    ProgramText.require(member, words);
  }

  private static void named(String name, Set<String> names, String member) {
    if (name.isEmpty()) {
      throw Fault.validation(member + " may not be empty.");
    }
    if (!names.add(name)) {
      throw Fault.validation(member + "s must be unique within a processing job; \"" + name
          + "\" is used more than once.");
    }
  }

  private static void check(ProcessingInput input, Set<String> folders) {
    String where = "the ProcessingInput " + input.inputName();
    if ((input.s3Input() == null) == (input.datasetDefinition() == null)) {
      throw Fault.validation("Exactly one of S3Input and DatasetDefinition must be specified for " + where + ".");
    }
    String localPath = input.s3Input() == null ? check(input.datasetDefinition(), where)
        : check(input.s3Input(), where);
    if (!input.appManaged() && !folders.add(LocalPath.require(localPath, where))) {
      throw Fault.validation("The LocalPath \"" + localPath + "\" of " + where
          + " is that of another ProcessingInput, too; each must have a LocalPath of its own.");
    }
  }

  private static String check(ProcessingS3Input s3, String where) {
    S3Location.parse(s3.s3Uri());
    if (s3.s3CompressionType().equals("Gzip") && !s3.s3InputMode().equals("Pipe")) {
      throw Fault.validation("S3CompressionType Gzip can only be used if Pipe is the S3InputMode of " + where + ".");
    }
    return s3.localPath();
  }

  private static String check(DatasetDefinition definition, String where) {
    if ((definition.athenaDatasetDefinition() == null) == (definition.redshiftDatasetDefinition() == null)) {
      throw Fault.validation("Exactly one of AthenaDatasetDefinition and RedshiftDatasetDefinition must be specified in "
          + "the DatasetDefinition of " + where + ".");
    }
    S3Location.parse(definition.athenaDatasetDefinition() == null
        ? definition.redshiftDatasetDefinition().outputS3Uri() : definition.athenaDatasetDefinition().outputS3Uri());
    return definition.localPath();
  }

  private static void check(ProcessingOutput output) {
    String where = "the ProcessingOutput " + output.outputName();
    if ((output.s3Output() == null) == (output.featureStoreOutput() == null)) {
      throw Fault.validation("Exactly one of S3Output and FeatureStoreOutput must be specified for " + where + ".");
    }
    if (output.featureStoreOutput() != null) {
      if (!output.appManaged()) {
        throw Fault.validation("AppManaged must be true for " + where + ", which has a FeatureStoreOutput.");
      }
      return;
    }
    S3Location.parse(output.s3Output().s3Uri());
    if (!output.appManaged()) {
      LocalPath.require(output.s3Output().localPath(), where);
    }
  }

  /** What is not built is refused once the whole request is known to be a good one. */
  private static void supported(ProcessingInput input) {
    if (input.datasetDefinition() != null) {
      throw unsupported("ProcessingInputs.DatasetDefinition."
          + (input.datasetDefinition().athenaDatasetDefinition() == null ? "RedshiftDatasetDefinition"
              : "AthenaDatasetDefinition"));
    }
    if (input.s3Input().s3InputMode().equals("Pipe") && !input.appManaged()) {
      throw unsupported("ProcessingInputs.S3Input.S3InputMode Pipe");
    }
  }

  private static Fault unsupported(String what) {
    return new Fault("UnsupportedOperation", 400,
        "sagemaker:CreateProcessingJob with " + what + " is not supported by this version of Atelier.");
  }
}
