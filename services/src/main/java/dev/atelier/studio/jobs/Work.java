package dev.atelier.studio.jobs;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.atelier.studio.HomePath;
import java.util.List;
import java.util.Map;

/**
 * What a notebook job does. An empty text or list stands for what was not asked for.
 *
 * @param name as people call it
 * @param path of the notebook in the home, from where it was taken
 * @param imageArn as it was chosen
 * @param image what the image catalogue knows it by
 * @param role the ARN of the role that the job runs with
 * @param inputS3 the S3 location below which input is kept
 * @param outputS3 the S3 location that output goes to
 * @param script the ARN of the start-up script
 * @param initializationScript the path in the home of a script that runs before the notebook
 * @param input the S3 location that holds what it runs
 */
public record Work(String name, String path, String instanceType, String imageArn, String image, String kernel,
    Map<String, String> parameters, Map<String, String> environment, String role, String inputS3, String outputS3,
    String script, String initializationScript, KmsKeys kmsKeys, Vpc vpc, String input) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Keys of KMS, each empty for none. */
  public record KmsKeys(String output, String volume) {}

  /** Where in a network it runs; both are empty for nowhere in particular. */
  public record Vpc(List<String> securityGroupIds, List<String> subnets) {}

  /** The notebook's file name. */
  public String notebook() {
    return HomePath.name(path);
  }

  /** The same with what was found out about it. */
  Work completed(String foundImage, String itsRole, String itsInputS3, String itsOutputS3, String itsInput) {
    return new Work(name, path, instanceType, imageArn, foundImage, kernel, parameters, environment, itsRole, itsInputS3,
        itsOutputS3, script, initializationScript, kmsKeys, vpc, itsInput);
  }

  String toJson() {
    try {
      return JSON.writeValueAsString(this);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  static Work ofJson(String text) {
    try {
      return JSON.readValue(text, Work.class);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
