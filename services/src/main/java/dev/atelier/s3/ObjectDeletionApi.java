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
import dev.atelier.objects.Deletion;
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
    Owners.bucket(store, caller, request.bucket(), request.expectedBucketOwner());
    Deletion deletion = new Deletion(request.key(), Optional.ofNullable(request.versionId()),
        new Deletion.Expected(Optional.ofNullable(request.ifMatch()),
            Optional.ofNullable(request.ifMatchLastModifiedTime()), Optional.ofNullable(request.ifMatchSize())));
    return switch (store.delete(request.bucket(), List.of(deletion)).getFirst()) {
      case Deletion.Outcome.Refused refused -> throw refused.fault();
      case Deletion.Outcome.Done done -> DeleteObjectOutput.builder()
          .deleteMarker(done.marker() ? true : null).versionId(done.version().orElse(null)).build();
    };
  }

  DeleteObjectsOutput deleteObjects(Caller caller, DeleteObjectsRequest request) {
    Owners.bucket(store, caller, request.bucket(), request.expectedBucketOwner());
    Delete delete = request.delete();
    if (delete == null || delete.objects().isEmpty() || delete.objects().size() > MOST) {
      throw S3Fault.of("MalformedXML", 400,
          "The XML you provided was not well-formed or did not validate against our published schema");
    }
    List<ObjectIdentifier> asked = new ArrayList<>();
    List<Deletion> deletions = new ArrayList<>();
    List<S3Error> errors = new ArrayList<>();
    for (ObjectIdentifier object : delete.objects()) {
      try {
        deletions.add(deletion(object));
        asked.add(object);
      } catch (Fault malformed) {
        errors.add(error(object, malformed));
      }
    }
    List<Deletion.Outcome> outcomes = store.delete(request.bucket(), deletions);
    List<DeletedObject> deleted = new ArrayList<>();
    for (int at = 0; at < outcomes.size(); at++) {
      switch (outcomes.get(at)) {
        case Deletion.Outcome.Refused refused -> errors.add(error(asked.get(at), refused.fault()));
        case Deletion.Outcome.Done done -> deleted.add(deleted(asked.get(at), done));
      }
    }
    return DeleteObjectsOutput.builder().deleted(Boolean.TRUE.equals(delete.quiet()) ? List.of() : deleted)
        .errors(errors).build();
  }

  private static Deletion deletion(ObjectIdentifier object) {
    if (object.key() == null || object.key().isEmpty()) {
      throw S3Fault.of("UserKeyMustBeSpecified", 400, "The bucket POST must contain the specified field name. If it is "
          + "specified, check the order of the fields.");
    }
    return new Deletion(object.key(), Optional.ofNullable(object.versionId()),
        new Deletion.Expected(Optional.ofNullable(object.eTag()), Optional.ofNullable(object.lastModifiedTime()),
            Optional.ofNullable(object.size())));
  }

  private static DeletedObject deleted(ObjectIdentifier asked, Deletion.Outcome.Done done) {
    return DeletedObject.builder().key(asked.key()).versionId(asked.versionId())
        .deleteMarker(done.marker() ? true : null)
        .deleteMarkerVersionId(done.marker() ? done.version().orElse(null) : null).build();
  }

  private static S3Error error(ObjectIdentifier object, Fault fault) {
    return S3Error.builder().key(object.key()).versionId(object.versionId()).code(fault.code())
        .message(fault.getMessage()).build();
  }
}
