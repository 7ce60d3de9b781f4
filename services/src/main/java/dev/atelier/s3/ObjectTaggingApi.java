package dev.atelier.s3;

import dev.atelier.kernel.Caller;
import dev.atelier.models.s3.DeleteObjectTaggingOutput;
import dev.atelier.models.s3.DeleteObjectTaggingRequest;
import dev.atelier.models.s3.GetObjectTaggingOutput;
import dev.atelier.models.s3.GetObjectTaggingRequest;
import dev.atelier.models.s3.PutObjectTaggingOutput;
import dev.atelier.models.s3.PutObjectTaggingRequest;
import dev.atelier.models.s3.S3Operations;
import dev.atelier.models.s3.Tagging;
import dev.atelier.objects.Bucket;
import dev.atelier.objects.ObjectStore;
import dev.atelier.objects.StoredObject;
import dev.atelier.objects.Versioning;
import dev.atelier.operation.OperationTable;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What can be asked and said about a stored object without its content: its tags. */
final class ObjectTaggingApi {
  private final ObjectStore store;

  ObjectTaggingApi(ObjectStore store) {
    this.store = store;
  }

  void register(OperationTable table) {
    table.on(S3Operations.getObjectTagging(), this::getObjectTagging)
        .on(S3Operations.putObjectTagging(), this::putObjectTagging)
        .on(S3Operations.deleteObjectTagging(), this::deleteObjectTagging);
  }

  GetObjectTaggingOutput getObjectTagging(Caller caller, GetObjectTaggingRequest request) {
    Bucket bucket = Owners.bucket(store, caller, request.bucket(), request.expectedBucketOwner());
    StoredObject object = store.require(ObjectApi.name(request.bucket(), request.key(), request.versionId()));
    return GetObjectTaggingOutput.builder().tagSet(Tags.list(object.attributes().tags()))
        .versionId(named(bucket, object)).build();
  }

  PutObjectTaggingOutput putObjectTagging(Caller caller, PutObjectTaggingRequest request) {
    Bucket bucket = Owners.bucket(store, caller, request.bucket(), request.expectedBucketOwner());
    Map<String, String> tags = Tags.of(Optional.ofNullable(request.tagging()).map(Tagging::tagSet).orElse(List.of()),
        Tags.MOST_OF_OBJECT);
    StoredObject tagged = store.update(ObjectApi.name(request.bucket(), request.key(), request.versionId()),
        attributes -> attributes.withTags(tags));
    return PutObjectTaggingOutput.builder().versionId(named(bucket, tagged)).build();
  }

  DeleteObjectTaggingOutput deleteObjectTagging(Caller caller, DeleteObjectTaggingRequest request) {
    Bucket bucket = Owners.bucket(store, caller, request.bucket(), request.expectedBucketOwner());
    StoredObject untagged = store.update(ObjectApi.name(request.bucket(), request.key(), request.versionId()),
        attributes -> attributes.withTags(Map.of()));
    return DeleteObjectTaggingOutput.builder().versionId(named(bucket, untagged)).build();
  }

  private static String named(Bucket bucket, StoredObject object) {
    return bucket.versioning() == Versioning.UNSET ? null : object.version();
  }
}
