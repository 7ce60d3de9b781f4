package dev.atelier.s3;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.atelier.kernel.Caller;
import dev.atelier.kernel.Fault;
import dev.atelier.models.NoOutput;
import dev.atelier.models.s3.DeleteBucketEncryptionRequest;
import dev.atelier.models.s3.DeleteBucketPolicyRequest;
import dev.atelier.models.s3.DeleteBucketTaggingRequest;
import dev.atelier.models.s3.GetBucketEncryptionOutput;
import dev.atelier.models.s3.GetBucketEncryptionRequest;
import dev.atelier.models.s3.GetBucketPolicyOutput;
import dev.atelier.models.s3.GetBucketPolicyRequest;
import dev.atelier.models.s3.GetBucketPolicyStatusOutput;
import dev.atelier.models.s3.GetBucketPolicyStatusRequest;
import dev.atelier.models.s3.GetBucketTaggingOutput;
import dev.atelier.models.s3.GetBucketTaggingRequest;
import dev.atelier.models.s3.PolicyStatus;
import dev.atelier.models.s3.PutBucketEncryptionRequest;
import dev.atelier.models.s3.PutBucketPolicyRequest;
import dev.atelier.models.s3.PutBucketTaggingRequest;
import dev.atelier.models.s3.S3Operations;
import dev.atelier.models.s3.ServerSideEncryptionByDefault;
import dev.atelier.models.s3.ServerSideEncryptionConfiguration;
import dev.atelier.models.s3.Tagging;
import dev.atelier.objects.Bucket;
import dev.atelier.objects.ObjectStore;
import dev.atelier.objects.S3Fault;
import dev.atelier.operation.OperationTable;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What is stored with a bucket: policy, tags, encryption. */
final class BucketDocumentApi {
  static final String POLICY = "policy";
  static final String TAGS = "tagging";

  private static final String ENCRYPTION = "encryption";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final ObjectStore store;
  private final BucketAccess access;
  private final BucketPolicyRules policies;
  private final Encryptions encryptions;

  BucketDocumentApi(ObjectStore store, BucketAccess access, BucketPolicyRules policies, Encryptions encryptions) {
    this.encryptions = encryptions;
    this.policies = policies;
    this.access = access;
    this.store = store;
  }

  void register(OperationTable table) {
    table.on(S3Operations.getBucketPolicy(), this::getBucketPolicy)
        .on(S3Operations.putBucketPolicy(), this::putBucketPolicy)
        .on(S3Operations.deleteBucketPolicy(), this::deleteBucketPolicy)
        .on(S3Operations.getBucketPolicyStatus(), this::getBucketPolicyStatus)
        .on(S3Operations.getBucketTagging(), this::getBucketTagging)
        .on(S3Operations.putBucketTagging(), this::putBucketTagging)
        .on(S3Operations.deleteBucketTagging(), this::deleteBucketTagging)
        .on(S3Operations.getBucketEncryption(), this::getBucketEncryption)
        .on(S3Operations.putBucketEncryption(), this::putBucketEncryption)
        .on(S3Operations.deleteBucketEncryption(), this::deleteBucketEncryption);
  }

  GetBucketPolicyOutput getBucketPolicy(Caller caller, GetBucketPolicyRequest request) {
    Owners.bucket(store, caller, request.bucket(), request.expectedBucketOwner());
    return GetBucketPolicyOutput.builder().policy(store.buckets().document(request.bucket(), POLICY).orElseThrow(() ->
        absent("NoSuchBucketPolicy", "The bucket policy does not exist", request.bucket()))).build();
  }

  NoOutput putBucketPolicy(Caller caller, PutBucketPolicyRequest request) {
    Bucket bucket = Owners.bucket(store, caller, request.bucket(), request.expectedBucketOwner());
    String policy = request.policy() == null ? "" : request.policy();
    policies.check(bucket, policy);
    if (access.block(request.bucket()).blockPolicy() && PublicPolicy.is(policy)) {
      throw Fault.accessDenied("User: " + caller.arn() + " is not authorized to perform: s3:PutBucketPolicy on resource: "
          + "\"arn:" + caller.partition().id() + ":s3:::" + request.bucket() + "\" because public policies are prevented "
          + "by the BlockPublicPolicy setting in S3 Block Public Access.");
    }
    store.buckets().putDocument(request.bucket(), POLICY, policy);
    return new NoOutput();
  }

  NoOutput deleteBucketPolicy(Caller caller, DeleteBucketPolicyRequest request) {
    return delete(caller, request.bucket(), request.expectedBucketOwner(), POLICY);
  }

  GetBucketPolicyStatusOutput getBucketPolicyStatus(Caller caller, GetBucketPolicyStatusRequest request) {
    Owners.bucket(store, caller, request.bucket(), request.expectedBucketOwner());
    String policy = store.buckets().document(request.bucket(), POLICY).orElseThrow(() ->
        absent("NoSuchBucketPolicy", "The bucket policy does not exist", request.bucket()));
    return GetBucketPolicyStatusOutput.builder()
        .policyStatus(PolicyStatus.builder().isPublic(PublicPolicy.is(policy)).build()).build();
  }

  GetBucketTaggingOutput getBucketTagging(Caller caller, GetBucketTaggingRequest request) {
    Owners.bucket(store, caller, request.bucket(), request.expectedBucketOwner());
    String tags = store.buckets().document(request.bucket(), TAGS)
        .orElseThrow(() -> absent("NoSuchTagSet", "The TagSet does not exist", request.bucket()));
    return GetBucketTaggingOutput.builder().tagSet(Tags.list(Tags.ofJson(tags))).build();
  }

  NoOutput putBucketTagging(Caller caller, PutBucketTaggingRequest request) {
    Owners.bucket(store, caller, request.bucket(), request.expectedBucketOwner());
    Map<String, String> tags = Tags.of(Optional.ofNullable(request.tagging()).map(Tagging::tagSet).orElse(List.of()),
        Tags.MOST_OF_BUCKET);
    store.buckets().putDocument(request.bucket(), TAGS, Tags.json(tags));
    return new NoOutput();
  }

  NoOutput deleteBucketTagging(Caller caller, DeleteBucketTaggingRequest request) {
    return delete(caller, request.bucket(), request.expectedBucketOwner(), TAGS);
  }

  GetBucketEncryptionOutput getBucketEncryption(Caller caller, GetBucketEncryptionRequest request) {
    Owners.bucket(store, caller, request.bucket(), request.expectedBucketOwner());
    Map<String, Object> configuration = store.buckets().document(request.bucket(), ENCRYPTION)
        .map(BucketDocumentApi::document).or(encryptions::implied).orElseThrow(() ->
            absent("ServerSideEncryptionConfigurationNotFoundError",
                "The server side encryption configuration was not found", request.bucket()));
    return GetBucketEncryptionOutput.builder().serverSideEncryptionConfiguration(
        ServerSideEncryptionConfiguration.fromDocument(configuration)).build();
  }

  /** The rule of a bucket's default encryption, as a document. */
  static Optional<Map<String, Object>> encryption(ObjectStore store, String bucket) {
    return store.buckets().document(bucket, ENCRYPTION)
        .map(text -> ServerSideEncryptionConfiguration.fromDocument(document(text)).rules().getFirst().toDocument());
  }

  private static Map<String, Object> document(String json) {
    try {
      return JSON.readValue(json, new TypeReference<>() {});
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("unreadable encryption configuration", e);
    }
  }

  NoOutput putBucketEncryption(Caller caller, PutBucketEncryptionRequest request) {
    Owners.bucket(store, caller, request.bucket(), request.expectedBucketOwner());
    ServerSideEncryptionConfiguration configuration = request.serverSideEncryptionConfiguration();
    ServerSideEncryptionByDefault asked = configuration == null || configuration.rules().size() != 1 ? null
        : configuration.rules().getFirst().applyServerSideEncryptionByDefault();
    if (asked == null) {
      throw S3Fault.of("MalformedXML", 400,
          "The XML you provided was not well-formed or did not validate against our published schema");
    }
    if (asked.kmsMasterKeyID() != null && !asked.sseAlgorithm().startsWith("aws:kms")) {
      throw new Fault("InvalidArgument", 400, "a KMSMasterKeyID is not applicable if the default sse algorithm is not "
          + "aws:kms or aws:kms:dsse", Map.of("ArgumentName", "ApplyServerSideEncryptionByDefault"));
    }
    try {
      store.buckets().putDocument(request.bucket(), ENCRYPTION, JSON.writeValueAsString(configuration.toDocument()));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
    return new NoOutput();
  }

  NoOutput deleteBucketEncryption(Caller caller, DeleteBucketEncryptionRequest request) {
    return delete(caller, request.bucket(), request.expectedBucketOwner(), ENCRYPTION);
  }

  private NoOutput delete(Caller caller, String bucket, String expectedOwner, String kind) {
    Owners.bucket(store, caller, bucket, expectedOwner);
    store.buckets().deleteDocument(bucket, kind);
    return new NoOutput();
  }

  private static Fault absent(String code, String message, String bucket) {
    return new Fault(code, 404, message, Map.of("BucketName", bucket));
  }
}
