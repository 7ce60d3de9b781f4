package dev.atelier.s3;

import dev.atelier.kernel.Caller;
import dev.atelier.kernel.Fault;
import dev.atelier.models.s3.Delete;
import dev.atelier.models.s3.DeleteObjectOutput;
import dev.atelier.models.s3.DeleteObjectRequest;
import dev.atelier.models.s3.DeleteObjectsOutput;
import dev.atelier.models.s3.DeleteObjectsRequest;
import dev.atelier.models.s3.DeletedObject;
import dev.atelier.models.s3.ObjectIdentifier;
import dev.atelier.models.s3.S3Error;
import dev.atelier.models.s3.S3Operations;
import dev.atelier.objects.Conditions;
import dev.atelier.objects.ObjectStore;
import dev.atelier.objects.S3Fault;
import dev.atelier.operation.OperationTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Deleting objects, one or many at a time. */
final class ObjectDeletionApi {
  private static final int MOST = 1000;

  private final ObjectStore store;

  ObjectDeletionApi(ObjectStore store) {
    this.store = store;
  }

  void register(OperationTable table) {
    table.on(S3Operations.deleteObject(), this::deleteObject)
        .on(S3Operations.deleteObjects(), this::deleteObjects);
  }

  DeleteObjectOutput deleteObject(Caller caller, DeleteObjectRequest request) {
    Owners.bucket(store, request.bucket(), request.expectedBucketOwner());
    Requests.refuseVersion(request.versionId(), request.key());
    if (request.ifMatchLastModifiedTime() != null || request.ifMatchSize() != null) {
      throw Requests.notImplemented();
    }
    store.delete(request.bucket(), request.key(),
        new Conditions(Optional.ofNullable(request.ifMatch()), Optional.empty()));
    return DeleteObjectOutput.builder().build();
  }

  DeleteObjectsOutput deleteObjects(Caller caller, DeleteObjectsRequest request) {
    Owners.bucket(store, request.bucket(), request.expectedBucketOwner());
    Delete delete = request.delete();
    if (delete == null || delete.objects().isEmpty() || delete.objects().size() > MOST) {
      throw S3Fault.of("MalformedXML", 400,
          "The XML you provided was not well-formed or did not validate against our published schema");
    }
    List<String> together = new ArrayList<>();
    List<ObjectIdentifier> gone = new ArrayList<>();
    List<S3Error> errors = new ArrayList<>();
    for (ObjectIdentifier object : delete.objects()) {
      try {
        Requests.refuseVersion(object.versionId(), object.key());
        if (object.lastModifiedTime() != null || object.size() != null) {
          throw Requests.notImplemented();
        }
        if (object.eTag() == null) {
          together.add(object.key());
        } else {
          store.delete(request.bucket(), object.key(), new Conditions(Optional.of(object.eTag()), Optional.empty()));
        }
        gone.add(object);
      } catch (Fault e) {
        errors.add(S3Error.builder().key(object.key()).versionId(object.versionId()).code(e.code())
            .message(e.getMessage()).build());
      }
    }
    store.deleteAll(request.bucket(), together);
    List<DeletedObject> deleted = Boolean.TRUE.equals(delete.quiet()) ? List.of() : gone.stream()
        .map(object -> DeletedObject.builder().key(object.key()).versionId(object.versionId()).build()).toList();
    return DeleteObjectsOutput.builder().deleted(deleted).errors(errors).build();
  }
}
