package dev.atelier.identity;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/** The condition keys that a request's own members fill. */
final class ConditionKeys {
  private static final Map<String, String> S3 = Map.ofEntries(
      Map.entry("Prefix", "s3:prefix"), Map.entry("Delimiter", "s3:delimiter"), Map.entry("MaxKeys", "s3:max-keys"),
      Map.entry("ACL", "s3:x-amz-acl"), Map.entry("ServerSideEncryption", "s3:x-amz-server-side-encryption"),
      Map.entry("SSEKMSKeyId", "s3:x-amz-server-side-encryption-aws-kms-key-id"),
      Map.entry("SSECustomerAlgorithm", "s3:x-amz-server-side-encryption-customer-algorithm"),
      Map.entry("VersionId", "s3:versionid"), Map.entry("CopySource", "s3:x-amz-copy-source"),
      Map.entry("MetadataDirective", "s3:x-amz-metadata-directive"),
      Map.entry("StorageClass", "s3:x-amz-storage-class"), Map.entry("ObjectOwnership", "s3:x-amz-object-ownership"),
      Map.entry("GrantRead", "s3:x-amz-grant-read"), Map.entry("GrantWrite", "s3:x-amz-grant-write"),
      Map.entry("GrantReadACP", "s3:x-amz-grant-read-acp"), Map.entry("GrantWriteACP", "s3:x-amz-grant-write-acp"),
      Map.entry("GrantFullControl", "s3:x-amz-grant-full-control"),
      Map.entry("WebsiteRedirectLocation", "s3:x-amz-website-redirect-location"),
      Map.entry("IfMatch", "s3:if-match"), Map.entry("IfNoneMatch", "s3:if-none-match"),
      Map.entry("ObjectLockMode", "s3:object-lock-mode"),
      Map.entry("ObjectLockLegalHoldStatus", "s3:object-lock-legal-hold"));
  /** Members of SageMaker's requests, wherever they stand in it. */
  private static final Map<String, String> SAGEMAKER = Map.ofEntries(
      Map.entry("InstanceType", "sagemaker:instancetypes"), Map.entry("Subnets", "sagemaker:vpcsubnets"),
      Map.entry("SubnetIds", "sagemaker:vpcsubnets"), Map.entry("SubnetId", "sagemaker:vpcsubnets"),
      Map.entry("SecurityGroupIds", "sagemaker:vpcsecuritygroupids"),
      Map.entry("SecurityGroups", "sagemaker:vpcsecuritygroupids"),
      Map.entry("VolumeKmsKeyId", "sagemaker:volumekmskey"), Map.entry("EnableNetworkIsolation", "sagemaker:networkisolation"),
      Map.entry("EnableInterContainerTrafficEncryption", "sagemaker:intercontainertrafficencryption"),
      Map.entry("MaxRuntimeInSeconds", "sagemaker:maxruntimeinseconds"),
      Map.entry("RootAccess", "sagemaker:rootaccess"), Map.entry("DirectInternetAccess", "sagemaker:directinternetaccess"),
      Map.entry("MinimumInstanceMetadataServiceVersion", "sagemaker:minimuminstancemetadataserviceversion"),
      Map.entry("KeepAlivePeriodInSeconds", "sagemaker:keepaliveperiod"),
      Map.entry("EnableRemoteDebug", "sagemaker:enableremotedebug"),
      Map.entry("FileSystemId", "sagemaker:filesystemid"), Map.entry("FileSystemType", "sagemaker:filesystemtype"),
      Map.entry("FileSystemAccessMode", "sagemaker:filesystemaccessmode"),
      Map.entry("DirectoryPath", "sagemaker:filesystemdirectorypath"),
      Map.entry("AppNetworkAccessType", "sagemaker:appnetworkaccesstype"),
      Map.entry("ModelApprovalStatus", "sagemaker:modelapprovalstatus"),
      Map.entry("AcceleratorType", "sagemaker:acceleratortypes"), Map.entry("AuthMode", "sagemaker:authmode"),
      Map.entry("SageMakerImageArn", "sagemaker:imagearns"),
      Map.entry("SageMakerImageVersionArn", "sagemaker:imageversionarns"),
      Map.entry("LifecycleConfigArn", "sagemaker:studiolifecycleconfigarns"),
      Map.entry("LifecycleConfigArns", "sagemaker:studiolifecycleconfigarns"),
      Map.entry("BuiltInLifecycleConfigArn", "sagemaker:studiolifecycleconfigarns"),
      Map.entry("S3KmsKeyId", "sagemaker:domainsharingoutputkmskey"),
      Map.entry("HomeEfsFileSystemKmsKeyId", "sagemaker:volumekmskey"),
      Map.entry("SharingType", "sagemaker:spacesharingtype"), Map.entry("RemoteAccess", "sagemaker:remoteaccess"),
      Map.entry("MaxConcurrency", "sagemaker:serverlessmaxconcurrency"),
      Map.entry("MemorySizeInMB", "sagemaker:serverlessmemorysize"));
  /** What a new key of KMS shall be. */
  private static final Map<String, String> KMS = Map.of(
      "KeySpec", "kms:keyspec", "KeyUsage", "kms:keyusage", "Origin", "kms:keyorigin", "MultiRegion", "kms:multiregion",
      "BypassPolicyLockoutSafetyCheck", "kms:bypasspolicylockoutsafetycheck");
  /** A key that AWS gives two names. */
  private static final Map<String, String> ALSO = Map.of(
      "sagemaker:volumekmskey", "sagemaker:volumekmskeyarn", "sagemaker:outputkmskey", "sagemaker:outputkmskeyarn",
      "sagemaker:domainsharingoutputkmskey", "sagemaker:domainsharingoutputkmskeyarn");

  private ConditionKeys() {}

  /** Keys in lower case. */
  static Map<String, List<String>> of(String service, Map<String, Object> input) {
    Map<String, List<String>> keys = new HashMap<>();
    tags(input.get("Tags"), "Key", "Value", "aws:requesttag/", "aws:tagkeys", keys);
    if (input.get("TagKeys") instanceof List<?> names) {
      keys.put("aws:tagkeys", names.stream().map(String::valueOf).toList());
    }
    switch (service) {
      case "s3" -> s3(input, keys);
      case "sagemaker" -> {
        Map<String, List<String>> found = new HashMap<>();
        collect("", input, found);
        if (input.get("KmsKeyId") instanceof String key) {
          // at the top of a request it is that of its volumes
          add(found, "sagemaker:volumekmskey", key);
        }
        if (input.get("VisibilityConditions") instanceof List<?> conditions) {
          conditions.forEach(each -> {
            if (each instanceof Map<?, ?> condition && condition.get("Key") instanceof String key) {
              add(found, "sagemaker:searchvisibilitycondition/" + key.toLowerCase(Locale.ROOT),
                  Objects.requireNonNullElse(condition.get("Value"), ""));
            }
          });
        }
        keys.putAll(found);
        ALSO.forEach((key, other) -> {
          if (found.containsKey(key)) {
            keys.put(other, found.get(key));
          }
        });
      }
      case "iam" -> {
        put(input, "PolicyArn", "iam:policyarn", keys);
        put(input, "PermissionsBoundary", "iam:permissionsboundary", keys);
        put(input, "AWSServiceName", "iam:awsservicename", keys);
      }
      case "sts" -> {
        put(input, "RoleSessionName", "sts:rolesessionname", keys);
        if (input.get("TaskPolicyArn") instanceof Map<?, ?> task && task.get("arn") instanceof String arn) {
          keys.put("sts:taskpolicyarn", List.of(arn));
        }
      }
      case "sagemaker-runtime" -> put(input, "TargetModel", "sagemaker:targetmodel", keys);
      case "cloudwatch" -> {
        put(input, "Namespace", "cloudwatch:namespace", keys);
        if (input.get("AlarmActions") instanceof List<?> actions) {
          keys.put("cloudwatch:alarmactions", actions.stream().map(String::valueOf).toList());
        }
      }
      case "ecr" -> {
        tags(input.get("tags"), "Key", "Value", "aws:requesttag/", "aws:tagkeys", keys);
        if (input.get("tagKeys") instanceof List<?> names) {
          keys.put("aws:tagkeys", names.stream().map(String::valueOf).toList());
        }
      }
      case "kms" -> KMS.forEach((member, key) -> put(input, member, key, keys));
      default -> { }
    }
    return keys;
  }

  /** Of the tags that an object of S3 has already. */
  static Map<String, List<String>> ofObjectTags(Map<String, String> tags) {
    Map<String, List<String>> keys = new HashMap<>();
    tags.forEach((name, value) -> keys.put("s3:existingobjecttag/" + name.toLowerCase(Locale.ROOT), List.of(value)));
    return keys;
  }

  private static void s3(Map<String, Object> input, Map<String, List<String>> keys) {
    S3.forEach((member, key) -> put(input, member, key, keys));
    if (input.get("Tagging") instanceof String header) {
      Map<String, List<String>> tags = new HashMap<>();
      for (String pair : header.split("&")) {
        String[] parts = pair.split("=", 2);
        if (!parts[0].isEmpty()) {
          tags.put(decoded(parts[0]), List.of(parts.length == 2 ? decoded(parts[1]) : ""));
        }
      }
      tags.forEach((name, value) -> keys.put("s3:requestobjecttag/" + name.toLowerCase(Locale.ROOT), value));
      keys.put("s3:requestobjecttagkeys", List.copyOf(tags.keySet()));
    } else if (input.get("Tagging") instanceof Map<?, ?> tagging) {
      tags(tagging.get("TagSet"), "Key", "Value", "s3:requestobjecttag/", "s3:requestobjecttagkeys", keys);
    }
    if (input.get("CreateBucketConfiguration") instanceof Map<?, ?> where
        && where.get("LocationConstraint") instanceof String region) {
      keys.put("s3:locationconstraint", List.of(region));
    }
  }

  /** Text that is no percent-encoding is taken as it is; the operation refuses it by itself. */
  private static String decoded(String text) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return text;
    }
  }

  private static void put(Map<String, Object> input, String member, String key, Map<String, List<String>> keys) {
    if (input.get(member) != null) {
      keys.put(key, List.of(input.get(member).toString()));
    }
  }

  private static void tags(
      Object list, String name, String value, String prefix, String all, Map<String, List<String>> keys) {
    if (list instanceof List<?> tags) {
      List<String> names = new ArrayList<>();
      for (Object each : tags) {
        if (each instanceof Map<?, ?> tag && tag.get(name) instanceof String key) {
          names.add(key);
          keys.put(prefix + key.toLowerCase(Locale.ROOT),
              List.of(tag.get(value) == null ? "" : tag.get(value).toString()));
        }
      }
      keys.put(all, names);
    }
  }

  /** A key id in an output's configuration is the output's, elsewhere in the request it is not told apart. */
  private static void collect(String member, Object value, Map<String, List<String>> found) {
    switch (value) {
      case Map<?, ?> map -> map.forEach((name, each) -> {
        if ("KmsKeyId".equals(name) && member.contains("Output")) {
          add(found, "sagemaker:outputkmskey", each);
        } else {
          collect(String.valueOf(name), each, found);
        }
      });
      case List<?> list -> list.forEach(each -> collect(member, each, found));
      case null -> { }
      default -> {
        if (SAGEMAKER.containsKey(member)) {
          add(found, SAGEMAKER.get(member), value);
        }
      }
    }
  }

  private static void add(Map<String, List<String>> found, String key, Object value) {
    found.computeIfAbsent(key, each -> new ArrayList<>()).add(String.valueOf(value));
  }
}
