package dev.atelier.studio.jobs;

import dev.atelier.kernel.Arn;
import dev.atelier.studio.HomePath;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The CreateTrainingJob that runs a notebook. Entry point, channel, variables and tags are those of AWS's notebook jobs.
 * Source: {@code NotebookJobStep} of SageMaker's Python SDK.
 */
final class TrainingRequest {
  static final String START_SCRIPT = "start-up-script.sh";
  private static final String CHANNEL = "sagemaker_headless_execution_pipelinestep";
  private static final int VOLUME_GB = 30;
  private static final int MOST_SECONDS = 172_800;

  private TrainingRequest() {}

  /** @param domain the ARN of the domain that the job's owner is of */
  static Map<String, Object> of(NotebookJob job, Arn domain) {
    Work work = job.work();
    Map<String, Object> output = new HashMap<>(Map.of("S3OutputPath", work.outputS3()));
    Map<String, Object> resources = new HashMap<>(Map.of("InstanceType", work.instanceType(), "InstanceCount", 1,
        "VolumeSizeInGB", VOLUME_GB));
    put(output, "KmsKeyId", work.kmsKeys().output());
    put(resources, "VolumeKmsKeyId", work.kmsKeys().volume());
    Map<String, Object> request = new LinkedHashMap<>(Map.of(
        "TrainingJobName", job.trainingJob(),
        "RoleArn", work.role(),
        "AlgorithmSpecification", Map.of("TrainingImage", work.image(), "TrainingInputMode", "File",
            "ContainerEntrypoint", List.of("amazon_sagemaker_scheduler")),
        "InputDataConfig", List.of(Map.of("ChannelName", CHANNEL, "DataSource", Map.of("S3DataSource", Map.of(
            "S3DataType", "S3Prefix", "S3Uri", work.input() + "/", "S3DataDistributionType", "FullyReplicated")))),
        "OutputDataConfig", output,
        "ResourceConfig", resources,
        "StoppingCondition", Map.of("MaxRuntimeInSeconds", MOST_SECONDS),
        "HyperParameters", work.parameters(),
        "Environment", environment(job),
        "Tags", tags(job, domain)));
    if (!work.vpc().subnets().isEmpty() || !work.vpc().securityGroupIds().isEmpty()) {
      request.put("VpcConfig", Map.of("SecurityGroupIds", work.vpc().securityGroupIds(), "Subnets",
          work.vpc().subnets()));
    }
    return request;
  }

  private static void put(Map<String, Object> structure, String member, String value) {
    if (!value.isEmpty()) {
      structure.put(member, value);
    }
  }

  private static Map<String, Object> environment(NotebookJob job) {
    Work work = job.work();
    Map<String, Object> variables = new HashMap<>(work.environment());
    variables.put("SM_JOB_DEF_VERSION", "1.0");
    variables.put("SM_EXECUTION_INPUT_PATH", "/opt/ml/input/data/" + CHANNEL);
    variables.put("SM_KERNEL_NAME", work.kernel());
    variables.put("SM_INPUT_NOTEBOOK_NAME", work.notebook());
    variables.put("SM_OUTPUT_NOTEBOOK_NAME", job.result());
    put(variables, "SM_INIT_SCRIPT", HomePath.name(work.initializationScript()));
    put(variables, "SM_LCC_INIT_SCRIPT", work.script().isEmpty() ? "" : START_SCRIPT);
    return variables;
  }

  private static List<Map<String, Object>> tags(NotebookJob job, Arn domain) {
    List<Map<String, Object>> tags = new ArrayList<>();
    tag(tags, "sagemaker:name", job.work().name());
    tag(tags, "sagemaker:notebook-name", job.work().notebook());
    tag(tags, "sagemaker:notebook-job-origin", "STUDIO");
    tag(tags, "sagemaker:is-studio-archived", "false");
    tag(tags, "sagemaker:domain-arn", domain.toString());
    tag(tags, "sagemaker:" + job.owner().resource().replaceFirst("/.*", "") + "-arn", job.owner().toString());
    if (!job.definition().isEmpty()) {
      tag(tags, "sagemaker:job-definition-id", job.definition());
    }
    return tags;
  }

  /** What a tag's value may not hold is left out: file names may. */
  private static void tag(List<Map<String, Object>> tags, String key, String value) {
    String taken = value.replaceAll("[^\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]", "_");
    tags.add(Map.of("Key", key, "Value", taken.substring(0, Math.min(taken.length(), 256))));
  }
}
