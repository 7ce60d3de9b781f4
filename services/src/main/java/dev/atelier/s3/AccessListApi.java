package dev.atelier.s3;

import dev.atelier.kernel.AccountId;
import dev.atelier.kernel.Caller;
import dev.atelier.models.NoOutput;
import dev.atelier.models.s3.GetBucketAclOutput;
import dev.atelier.models.s3.GetBucketAclRequest;
import dev.atelier.models.s3.GetObjectAclOutput;
import dev.atelier.models.s3.GetObjectAclRequest;
import dev.atelier.models.s3.Grant;
import dev.atelier.models.s3.Grantee;
import dev.atelier.models.s3.PutBucketAclRequest;
import dev.atelier.models.s3.PutObjectAclOutput;
import dev.atelier.models.s3.PutObjectAclRequest;
import dev.atelier.models.s3.S3Operations;
import dev.atelier.objects.Bucket;
import dev.atelier.objects.ObjectName;
import dev.atelier.objects.ObjectStore;
import dev.atelier.objects.Ownership;
import dev.atelier.objects.StoredObject;
import dev.atelier.operation.OperationTable;
import java.util.List;
import java.util.Optional;

/** The access lists of buckets and objects. */
final class AccessListApi {
  private final ObjectStore store;
  private final BucketAccess access;

  AccessListApi(ObjectStore store, BucketAccess access) {
    this.store = store;
    this.access = access;
  }

  void register(OperationTable table) {
    table.on(S3Operations.getBucketAcl(), this::getBucketAcl)
        .on(S3Operations.putBucketAcl(), this::putBucketAcl)
        .on(S3Operations.getObjectAcl(), this::getObjectAcl)
        .on(S3Operations.putObjectAcl(), this::putObjectAcl);
  }

  GetBucketAclOutput getBucketAcl(Caller caller, GetBucketAclRequest request) {
    Bucket bucket = Owners.bucket(store, caller, request.bucket(), request.expectedBucketOwner());
    return GetBucketAclOutput.builder().owner(Owners.owner(bucket.account()))
        .grants(grants(access.ofBucket(bucket))).build();
  }

  NoOutput putBucketAcl(Caller caller, PutBucketAclRequest request) {
    Bucket bucket = Owners.bucket(store, caller, request.bucket(), request.expectedBucketOwner());
    AccessList wanted = access.wanted(bucket, bucket.account(), request.toDocument());
    if (access.listsCount(bucket.name())) {
      store.buckets().putDocument(bucket.name(), BucketAccess.ACL, wanted.json());
    }
    return new NoOutput();
  }

  GetObjectAclOutput getObjectAcl(Caller caller, GetObjectAclRequest request) {
    Bucket bucket = Owners.bucket(store, caller, request.bucket(), request.expectedBucketOwner());
    Ownership stored = store.require(ObjectApi.name(request.bucket(), request.key(), request.versionId()))
        .attributes().ownership();
    return GetObjectAclOutput.builder().owner(Owners.owner(access.owner(bucket, stored)))
        .grants(grants(access.ofObject(bucket, stored))).build();
  }

  PutObjectAclOutput putObjectAcl(Caller caller, PutObjectAclRequest request) {
    Bucket bucket = Owners.bucket(store, caller, request.bucket(), request.expectedBucketOwner());
    StoredObject object = store.require(ObjectApi.name(request.bucket(), request.key(), request.versionId()));
    AccountId owner = access.owner(bucket, object.attributes().ownership());
    AccessList wanted = access.wanted(bucket, owner, request.toDocument());
    if (access.listsCount(bucket.name())) {
      // the very version that was asked about: its owner is the one that was authorised
      store.update(new ObjectName(bucket.name(), request.key(), Optional.of(object.version())), attributes ->
          attributes.withOwnership(attributes.ownership().withAcl(wanted.json())));
    }
    return PutObjectAclOutput.builder().build();
  }

  private static List<Grant> grants(AccessList list) {
    return list.grants().stream().map(given -> Grant.builder().permission(given.permission())
        .grantee(given.group().map(group -> Grantee.builder().type("Group").uri(group.uri()).build())
            .orElseGet(() -> Grantee.builder().type("CanonicalUser")
                .id(Owners.canonicalId(new AccountId(given.to()))).build())).build()).toList();
  }
}
