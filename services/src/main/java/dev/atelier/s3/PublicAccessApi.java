package dev.atelier.s3;

import dev.atelier.kernel.Caller;
import dev.atelier.kernel.Fault;
import dev.atelier.models.NoOutput;
import dev.atelier.models.s3.DeleteBucketOwnershipControlsRequest;
import dev.atelier.models.s3.DeletePublicAccessBlockRequest;
import dev.atelier.models.s3.GetBucketOwnershipControlsOutput;
import dev.atelier.models.s3.GetBucketOwnershipControlsRequest;
import dev.atelier.models.s3.GetPublicAccessBlockOutput;
import dev.atelier.models.s3.GetPublicAccessBlockRequest;
import dev.atelier.models.s3.OwnershipControls;
import dev.atelier.models.s3.OwnershipControlsRule;
import dev.atelier.models.s3.PublicAccessBlockConfiguration;
import dev.atelier.models.s3.PutBucketOwnershipControlsRequest;
import dev.atelier.models.s3.PutPublicAccessBlockRequest;
import dev.atelier.models.s3.S3Operations;
import dev.atelier.objects.Bucket;
import dev.atelier.objects.ObjectStore;
import dev.atelier.objects.S3Fault;
import dev.atelier.operation.OperationTable;
import java.util.List;
import java.util.Map;

/** What a bucket refuses to the public, and who owns the objects in it. */
final class PublicAccessApi {
  private final ObjectStore store;
  private final BucketAccess access;

  PublicAccessApi(ObjectStore store, BucketAccess access) {
    this.store = store;
    this.access = access;
  }

  void register(OperationTable table) {
    table.on(S3Operations.getPublicAccessBlock(), this::getPublicAccessBlock)
        .on(S3Operations.putPublicAccessBlock(), this::putPublicAccessBlock)
        .on(S3Operations.deletePublicAccessBlock(), this::deletePublicAccessBlock)
        .on(S3Operations.getBucketOwnershipControls(), this::getBucketOwnershipControls)
        .on(S3Operations.putBucketOwnershipControls(), this::putBucketOwnershipControls)
        .on(S3Operations.deleteBucketOwnershipControls(), this::deleteBucketOwnershipControls);
  }

  GetPublicAccessBlockOutput getPublicAccessBlock(Caller caller, GetPublicAccessBlockRequest request) {
    Owners.bucket(store, caller, request.bucket(), request.expectedBucketOwner());
    PublicAccessBlock block = store.buckets().document(request.bucket(), PublicAccessBlock.KIND)
        .map(PublicAccessBlock::read).orElseThrow(() -> new Fault("NoSuchPublicAccessBlockConfiguration", 404,
            "The public access block configuration was not found", Map.of("BucketName", request.bucket())));
    return GetPublicAccessBlockOutput.builder().publicAccessBlockConfiguration(PublicAccessBlockConfiguration.builder()
        .blockPublicAcls(block.blockAcls()).ignorePublicAcls(block.ignoreAcls())
        .blockPublicPolicy(block.blockPolicy()).restrictPublicBuckets(block.restrict()).build()).build();
  }

  NoOutput putPublicAccessBlock(Caller caller, PutPublicAccessBlockRequest request) {
    Owners.bucket(store, caller, request.bucket(), request.expectedBucketOwner());
    PublicAccessBlockConfiguration wanted = request.publicAccessBlockConfiguration();
    if (wanted == null || wanted.toDocument().isEmpty()) {
      throw malformed();
    }
    store.buckets().putDocument(request.bucket(), PublicAccessBlock.KIND, new PublicAccessBlock(
        Boolean.TRUE.equals(wanted.blockPublicAcls()), Boolean.TRUE.equals(wanted.ignorePublicAcls()),
        Boolean.TRUE.equals(wanted.blockPublicPolicy()), Boolean.TRUE.equals(wanted.restrictPublicBuckets())).json());
    return new NoOutput();
  }

  NoOutput deletePublicAccessBlock(Caller caller, DeletePublicAccessBlockRequest request) {
    Owners.bucket(store, caller, request.bucket(), request.expectedBucketOwner());
    store.buckets().deleteDocument(request.bucket(), PublicAccessBlock.KIND);
    return new NoOutput();
  }

  GetBucketOwnershipControlsOutput getBucketOwnershipControls(Caller caller,
      GetBucketOwnershipControlsRequest request) {
    Owners.bucket(store, caller, request.bucket(), request.expectedBucketOwner());
    String rule = store.buckets().document(request.bucket(), ObjectOwnership.KIND).orElseThrow(() ->
        new Fault("OwnershipControlsNotFoundError", 404, "The bucket ownership controls were not found",
            Map.of("BucketName", request.bucket())));
    return GetBucketOwnershipControlsOutput.builder().ownershipControls(OwnershipControls.builder()
        .rules(List.of(OwnershipControlsRule.builder().objectOwnership(rule).build())).build()).build();
  }

  NoOutput putBucketOwnershipControls(Caller caller, PutBucketOwnershipControlsRequest request) {
    Bucket bucket = Owners.bucket(store, caller, request.bucket(), request.expectedBucketOwner());
    if (request.ownershipControls() == null || request.ownershipControls().rules().size() != 1) {
      throw malformed();
    }
    String word = request.ownershipControls().rules().getFirst().objectOwnership();
    ObjectOwnership rule = ObjectOwnership.of(word == null ? "" : word).orElseThrow(PublicAccessApi::malformed);
    if (rule == ObjectOwnership.ENFORCED && !access.ofBucket(bucket).onlyOwner(bucket.account())) {
      throw S3Fault.of("InvalidBucketAclWithObjectOwnership", 400,
          "Bucket cannot have ACLs set with ObjectOwnership's BucketOwnerEnforced setting");
    }
    store.buckets().putDocument(bucket.name(), ObjectOwnership.KIND, rule.word());
    return new NoOutput();
  }

  NoOutput deleteBucketOwnershipControls(Caller caller, DeleteBucketOwnershipControlsRequest request) {
    Owners.bucket(store, caller, request.bucket(), request.expectedBucketOwner());
    store.buckets().deleteDocument(request.bucket(), ObjectOwnership.KIND);
    return new NoOutput();
  }

  private static Fault malformed() {
    return S3Fault.of("MalformedXML", 400,
        "The XML you provided was not well-formed or did not validate against our published schema");
  }
}
