package dev.atelier.models;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Which rights each operation of a service needs; every operation of a pinned model has an entry. */
public final class AuthorisationTable {
  private static final Map<String, AuthorisationTable> LOADED = new ConcurrentHashMap<>();

  private final ServiceModel model;
  private final Map<String, Entry> entries = new ConcurrentHashMap<>();

  private AuthorisationTable(ServiceModel model) {
    this.model = model;
  }

  /**
   * A kind of resource an action is checked against.
   *
   * @param arnTemplate such as <code>arn:${Partition}:sagemaker:${Region}:${Account}:training-job/${TrainingJobName}</code>
   */
  public record ResourceType(String name, String arnTemplate, boolean required) {}

  /**
   * What one operation needs.
   *
   * @param actions with their prefix, such as {@code s3:GetObject}
   * @param versionActions take the place of {@code actions} when the request names a version of an object
   * @param accessLevel List, Read, Write, Tagging, Permissions management; more than one joined by commas
   * @param resourceTypes empty when the action is checked against {@code *}
   * @param passRoleMembers paths of input members that hold the ARN of a role to pass, {@code *} for each list or map
   *     entry; the caller needs iam:PassRole on each that is set
   */
  public record Entry(List<String> actions, List<String> versionActions, String accessLevel,
      List<ResourceType> resourceTypes, List<String> conditionKeys, List<String> passRoleMembers) {}

  /** The table of a pinned service. Throws IllegalArgumentException for any other name. */
  public static AuthorisationTable load(String service) {
    return LOADED.computeIfAbsent(service, name -> new AuthorisationTable(ServiceModel.load(name)));
  }

  /** The entry of an operation. Throws IllegalArgumentException when the service has no such operation. */
  public Entry entry(String operation) {
    return entries.computeIfAbsent(operation, this::read);
  }

  private Entry read(String operation) {
    ModelLine line = model.rights(operation).orElseThrow(
        () -> new IllegalArgumentException(model.service() + " has no operation " + operation));
    List<ResourceType> types = line.objects("resourceTypes").stream()
        .map(type -> new ResourceType(type.text("name", ""), type.text("arn", ""), type.flag("required"))).toList();
    return new Entry(line.texts("actions"), line.texts("versionActions"), line.text("accessLevel", ""), types,
        line.texts("conditionKeys"), line.texts("passRoleMembers"));
  }
}
