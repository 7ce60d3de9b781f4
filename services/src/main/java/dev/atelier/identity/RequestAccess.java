package dev.atelier.identity;

import dev.atelier.identity.Authoriser.Access;
import dev.atelier.identity.policy.PolicyDocument;
import dev.atelier.identity.policy.PolicyEvaluator.NamedPolicy;
import dev.atelier.kernel.AccountId;
import dev.atelier.kernel.Arn;
import dev.atelier.kernel.Caller;
import dev.atelier.kernel.SageMakerSpelling;
import dev.atelier.models.AuthorisationTable;
import dev.atelier.models.AuthorisationTable.Entry;
import dev.atelier.models.OperationModel;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** Derives from the authorisation tables what a request needs to be allowed: actions, resources, roles to pass. */
public final class RequestAccess {
  /** Operations that AWS performs for every signed caller, or that decide by a trust policy. */
  private static final Set<String> WITHOUT_POLICY =
      Set.of("sts:GetCallerIdentity", "sts:GetSessionToken", "sts:AssumeRole", "sts:AssumeRoleWithWebIdentity",
          "sts:AssumeRoleWithSAML");
  /** The condition key by which the tables mark operations on objects whose tags count. */
  private static final String EXISTING_TAG = "s3:ExistingObjectTag/<key>";
  private static final Map<String, List<String>> SIGNED = Map.of("aws:securetransport", List.of("true"),
      "s3:authtype", List.of("REST-HEADER"), "s3:signatureversion", List.of("AWS4-HMAC-SHA256"));
  private static final String SPACE_SHARING = "sagemaker:SpaceSharingType";
  private static final String MODEL_ARN = "sagemaker:ModelArn";
  private static final String NOTEBOOK_SCRIPTS = "sagemaker:NotebookInstanceLifecycleConfigArns";

  private final Holdings buckets;
  private final ObjectTags objectTags;
  private final Function<String, Map<String, String>> tags;
  private final IamAccess iam;
  private final NamedResources named;
  private final S3Access s3;
  private final Spaces spaces;
  private final Function<Arn, Optional<Holding>> repositories;

  /** @param buckets the owner and policy of an S3 bucket */
  public RequestAccess(Holdings buckets) {
    this(buckets, (bucket, key, version) -> Map.of(), arn -> Map.of(), Optional.empty(),
        (caller, operation, input) -> List.of(), arn -> Map.of(), arn -> Optional.empty());
  }

  /**
   * @param buckets the owner and policy of an S3 bucket
   * @param objectTags the tags of the objects that policies may ask about
   * @param tags the tags of a resource of SageMaker or ECR by its ARN
   * @param entities IAM's own users, groups and roles
   * @param logGroups the log groups that a request reads by something else than their names
   * @param spaces what is stored of Studio's spaces
   * @param repositories the owner and policy of a repository of ECR by its ARN
   */
  public RequestAccess(Holdings buckets, ObjectTags objectTags,
      Function<String, Map<String, String>> tags, Optional<IamResources> entities,
      NamedResources.LogGroups logGroups, Spaces spaces, Function<Arn, Optional<Holding>> repositories) {
    this.buckets = buckets;
    this.repositories = repositories;
    this.objectTags = objectTags;
    this.tags = tags;
    this.iam = new IamAccess(entities);
    this.named = new NamedResources(iam, logGroups);
    this.s3 = new S3Access(objectTags);
    this.spaces = spaces;
  }

  /** Finds the tags of a stored object. */
  @FunctionalInterface
  public interface ObjectTags {
    /** @param version empty for what the key gives at present; none of an object that is not there */
    Map<String, String> of(String bucket, String key, Optional<String> version);
  }

  /** Finds what policies may ask about a space of Studio that is there already. */
  @FunctionalInterface
  public interface Spaces {
    /** Condition keys by their names as AWS writes them; none of a space that is not there. */
    Map<String, String> of(String arn);
  }

  /** Finds who decides about a bucket or an object. */
  @FunctionalInterface
  public interface Holdings {
    /** @param access what is to be done; empty when there is no such bucket */
    Optional<Holding> of(String bucket, Access access);
  }

  /**
   * Who owns a bucket or an object, and what its policy and its access list say.
   *
   * @param policy both, in one document
   */
  public record Holding(AccountId account, Optional<PolicyDocument> policy) {}

  /** Everything that must be allowed before the operation may run; the roles to pass are not among it. */
  public List<Access> of(Caller caller, OperationModel operation, Map<String, Object> input) {
    if (WITHOUT_POLICY.contains(operation.service() + ":" + operation.name())) {
      return List.of();
    }
    Entry entry = AuthorisationTable.load(operation.service()).entry(operation.name());
    if (operation.service().equals("kms") && entry.resourceTypes().stream().anyMatch(type -> type.name().equals("key"))) {
      // which key is meant only KMS can say, from an alias or a ciphertext; it asks the key's policy, too
      return List.of();
    }
    Map<String, List<String>> keys = ConditionKeys.of(operation.service(), input);
    if (entry.conditionKeys().contains(EXISTING_TAG) && input.get("Bucket") instanceof String bucket
        && input.get("Key") instanceof String key) {
      keys.putAll(ConditionKeys.ofObjectTags(objectTags.of(bucket, key, text(input.get("VersionId")))));
    }
    if (operation.service().equals("iam")) {
      keys.putAll(iam.tags(caller, input));
    }
    if (entry.conditionKeys().contains(MODEL_ARN)) {
      Set<String> models = new LinkedHashSet<>();
      collect(input.get("ProductionVariants"), List.of("*", "ModelName"), models);
      collect(input.get("ShadowProductionVariants"), List.of("*", "ModelName"), models);
      keys.put(MODEL_ARN.toLowerCase(Locale.ROOT), models.stream().map(model -> Arn.of("sagemaker",
          caller.region(), caller.account(), "model/" + model.toLowerCase(Locale.ROOT)).toString()).toList());
    }
    if (entry.conditionKeys().contains(NOTEBOOK_SCRIPTS) && input.get("LifecycleConfigName") instanceof String name) {
      keys.put(NOTEBOOK_SCRIPTS.toLowerCase(Locale.ROOT), List.of(Arn.of("sagemaker", caller.region(), caller.account(),
          SageMakerSpelling.resource("notebook-instance-lifecycle-config/" + name)).toString()));
    }
    if (entry.conditionKeys().contains(SPACE_SHARING)) {
      space(caller, input).forEach((key, value) -> keys.putIfAbsent(key.toLowerCase(Locale.ROOT), List.of(value)));
    }
    List<String> actions = input.get("VersionId") != null && !entry.versionActions().isEmpty()
        ? entry.versionActions() : entry.actions();
    Set<String> resources = named.of(inRegistry(caller, operation, input), operation, entry, input);
    List<Access> needed = new ArrayList<>();
    for (String action : actions) {
      for (String resource : resources) {
        needed.add(withOwner(operation, input,
            Access.of(action, resource).with(keys).with(resourceTags(operation.service(), resource))));
      }
    }
    if (operation.service().equals("s3")) {
      s3.of(caller, operation, entry, input, resources, keys).forEach(each ->
          needed.add(operation.name().equals("CreateBucket") ? each : ownedBy(bucket(each.resource()), each)));
    }
    if (operation.name().equals("AddRoleToInstanceProfile")) {
      iam.values(caller, "RoleNameWithPath", input).forEach(role -> needed.add(Access.of("iam:PassRole",
          Arn.global(caller.partition(), "iam", caller.account(), "role/" + role).toString())
          .with(Map.of("iam:passedtoservice", List.of("ec2.amazonaws.com")))));
    }
    return needed;
  }

  /** What reading one resource needs that is known by its ARN. @param action such as {@code sagemaker:DescribeModel} */
  Access reading(String action, Arn arn) {
    Map<String, List<String>> keys = resourceTags(arn.service(), arn.toString());
    if (arn.resource().startsWith("space/")) {
      spaces.of(arn.toString()).forEach((name, value) -> keys.put(name.toLowerCase(Locale.ROOT), List.of(value)));
    }
    return Access.of(action, arn.toString()).with(keys);
  }

  private static String bucket(String arn) {
    return arn.substring(arn.indexOf(":::") + 3).split("/", 2)[0];
  }

  /** What a request says of a new space, or what is stored of the one that it names. */
  private Map<String, String> space(Caller caller, Map<String, Object> input) {
    if (input.get("OwnershipSettings") instanceof Map<?, ?> ownership) {
      return Map.of("sagemaker:OwnerUserProfileArn", Arn.of("sagemaker", caller.region(), caller.account(),
          ("user-profile/" + input.get("DomainId") + "/" + ownership.get("OwnerUserProfileName"))
              .toLowerCase(Locale.ROOT)).toString());
    }
    return input.get("SpaceName") instanceof String name ? spaces.of(Arn.of("sagemaker", caller.region(),
        caller.account(), ("space/" + input.get("DomainId") + "/" + name).toLowerCase(Locale.ROOT)).toString())
        : Map.of();
  }

  private Map<String, List<String>> resourceTags(String service, String resource) {
    Map<String, List<String>> keys = new HashMap<>();
    if ((service.equals("sagemaker") || service.equals("ecr")) && resource.indexOf('*') < 0) {
      tags.apply(resource).forEach((name, value) -> {
        keys.put("aws:resourcetag/" + name.toLowerCase(Locale.ROOT), List.of(value));
        keys.put(service + ":resourcetag/" + name.toLowerCase(Locale.ROOT), List.of(value));
      });
    }
    return keys;
  }

  /** The roles that the caller hands to the service. */
  public List<String> passedRoles(OperationModel operation, Map<String, Object> input) {
    Set<String> roles = new LinkedHashSet<>();
    for (String path : AuthorisationTable.load(operation.service()).entry(operation.name()).passRoleMembers()) {
      collect(input, List.of(path.split("\\.")), roles);
    }
    return List.copyOf(roles);
  }

  private static void collect(Object value, List<String> path, Set<String> found) {
    if (path.isEmpty()) {
      if (value instanceof String arn) {
        found.add(arn);
      }
      return;
    }
    List<String> rest = path.subList(1, path.size());
    switch (value) {
      case Map<?, ?> map when path.getFirst().equals("*") -> map.values().forEach(each -> collect(each, rest, found));
      case Map<?, ?> map -> collect(map.get(path.getFirst()), rest, found);
      case List<?> list -> list.forEach(each -> collect(each, rest, found));
      case null, default -> { }
    }
  }

  /** What deleting one of the objects of S3's DeleteObjects needs. @param object its entry in the request */
  public Access deletion(Caller caller, Map<String, Object> input, Map<?, ?> object) {
    String bucket = String.valueOf(input.get("Bucket"));
    return ownedBy(bucket, Access.of(object.get("VersionId") == null ? "s3:DeleteObject" : "s3:DeleteObjectVersion",
        "arn:" + caller.partition().id() + ":s3:::" + bucket + "/" + object.get("Key")));
  }

  /**
   * What one of S3's actions needs that Atelier does by itself for a caller; on AWS that is a signed request over TLS.
   *
   * @param action such as {@code s3:PutObject}
   * @param key empty for the bucket
   * @param request what the caller's own request would say, by the names of its members
   * @param found the tags of an object that is read
   */
  public Access ofObject(Caller caller, String action, String bucket, String key, Map<String, Object> request,
      Map<String, String> found) {
    String arn = "arn:" + caller.partition().id() + ":s3:::" + bucket + (key.isEmpty() ? "" : "/" + key);
    return ownedBy(bucket, Access.of(action, arn).with(ConditionKeys.of("s3", request))
        .with(ConditionKeys.ofObjectTags(found)).with(SIGNED));
  }

  /** What a caller needs to be told that an object is not there, rather than that it may not have it. */
  public Optional<Access> listing(Caller caller, OperationModel operation, Map<String, Object> input) {
    return operation.service().equals("s3") && input.get("Bucket") instanceof String bucket
        && input.get("Key") instanceof String key ? Optional.of(ownedBy(bucket, Access.of("s3:ListBucket",
            "arn:" + caller.partition().id() + ":s3:::" + bucket).with(Map.of("s3:prefix", List.of(key)))))
        : Optional.empty();
  }

  private static Optional<String> text(Object value) {
    return value instanceof String text && !text.isEmpty() ? Optional.of(text) : Optional.empty();
  }

  /** A request for another account's registry names its repositories there. */
  private static Caller inRegistry(Caller caller, OperationModel operation, Map<String, Object> input) {
    return operation.service().equals("ecr") && input.get("registryId") instanceof String id && id.matches("\\d{12}")
        ? new Caller(new AccountId(id), caller.region(), caller.identity(), caller.accessKeyId()) : caller;
  }

  /** What doing something to a repository of ECR needs. @param action such as {@code ecr:PutImage} */
  public Access ofRepository(String action, String arn) {
    return inRepository(Access.of(action, arn).with(resourceTags("ecr", arn)));
  }

  private Access inRepository(Access access) {
    return Arn.parse(access.resource()).filter(arn -> arn.account().matches("\\d{12}")).map(arn ->
        new Access(access.action(), access.resource(), access.keys(), Optional.of(new AccountId(arn.account())),
            repositories.apply(arn).flatMap(Holding::policy).map(policy -> new NamedPolicy("repository policy", policy))))
        .orElse(access);
  }

  private Access withOwner(OperationModel operation, Map<String, Object> input, Access access) {
    if (operation.service().equals("ecr")) {
      return inRepository(access);
    }
    // whose the name is already is no matter of rights: the operation itself answers that it is taken
    boolean creation = operation.name().equals("CreateBucket");
    return operation.service().equals("s3") && !creation && input.get("Bucket") instanceof String bucket
        ? ownedBy(bucket, access) : access;
  }

  /** The access with the bucket's owner and policy, where the bucket exists. */
  public Access ownedBy(String bucket, Access access) {
    return buckets.of(bucket, access).map(owner -> new Access(access.action(), access.resource(), access.keys(),
        Optional.of(owner.account()), owner.policy().map(document -> new NamedPolicy("bucket policy", document))))
        .orElse(access);
  }
}
