package dev.atelier.s3;

import dev.atelier.kernel.Caller;
import dev.atelier.models.s3.CopyObjectOutput;
import dev.atelier.models.s3.CopyObjectRequest;
import dev.atelier.models.s3.CopyObjectResult;
import dev.atelier.models.s3.S3Operations;
import dev.atelier.objects.Bucket;
import dev.atelier.objects.ObjectAttributes;
import dev.atelier.objects.ObjectStore;
import dev.atelier.objects.S3Fault;
import dev.atelier.objects.StoredObject;
import dev.atelier.objects.Versioning;
import dev.atelier.operation.OperationTable;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/** Copying objects inside the store. */
final class CopyApi {
  private static final String REPLACE = "REPLACE";

  private final ObjectStore store;
  private final Encryptions encryptions;
  private final BucketAccess access;

  CopyApi(ObjectStore store, Encryptions encryptions, BucketAccess access) {
    this.access = access;
    this.store = store;
    this.encryptions = encryptions;
  }

  void register(OperationTable table) {
    table.on(S3Operations.copyObject(), this::copyObject);
  }

  CopyObjectOutput copyObject(Caller caller, CopyObjectRequest request) {
    Bucket bucket = Owners.bucket(store, caller, request.bucket(), request.expectedBucketOwner());
    CopySource source = CopySource.of(request.copySource());
    Bucket from = Owners.source(store, source.bucket(), request.expectedSourceBucketOwner());
    checkDirective("metadata", request.metadataDirective());
    checkDirective("tagging", request.taggingDirective());
    Map<String, Object> document = request.toDocument();
    ObjectAttributes said = Requests.attributes(document,
        encryptions.fresh(caller, bucket, request.key(), document))
        .withOwnership(access.ofNewObject(caller, bucket, document));
    refuseCopyOntoItself(source, request, document, encryptions.isSaid(request.bucket(), document));
    Preconditions preconditions = new Preconditions(request.copySourceIfMatch(), request.copySourceIfNoneMatch(),
        request.copySourceIfModifiedSince(), request.copySourceIfUnmodifiedSince());
    AtomicReference<String> copied = new AtomicReference<>("");
    StoredObject copy = source.reading(() -> encryptions.storeOf(caller, document).copy(source.name(), request.bucket(),
        request.key(), original -> {
      preconditions.checkCopySource(original);
      Encryptions.requireCustomerKey(original, document, "CopySource");
      copied.set(original.version());
      return attributes(request, document, said, original.attributes());
    }, Bodies.asked(document), ObjectApi.conditions(request.ifMatch(), request.ifNoneMatch())));
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("ETag", Answers.quoted(copy.etag()));
    result.put("LastModified", copy.lastModified());
    Answers.checksum(result, copy.checksum());
    Map<String, Object> answer = new LinkedHashMap<>();
    Answers.written(answer, copy.attributes().encryption());
    Answers.made(answer, bucket, copy.version());
    Answers.expiry(answer, store, copy);
    if (from.versioning() != Versioning.UNSET) {
      answer.put("CopySourceVersionId", copied.get());
    }
    return Answers.with(CopyObjectOutput.builder().copyObjectResult(CopyObjectResult.fromDocument(result)).build(),
        answer, CopyObjectOutput::fromDocument);
  }

  private static ObjectAttributes attributes(CopyObjectRequest request, Map<String, Object> document,
      ObjectAttributes said, ObjectAttributes original) {
    boolean replaced = REPLACE.equals(request.metadataDirective());
    boolean retagged = REPLACE.equals(request.taggingDirective());
    return new ObjectAttributes(
        replaced ? said.headers() : redirected(original.headers(), said.headers()),
        replaced ? said.metadata() : original.metadata(),
        retagged ? said.tags() : original.tags(),
        // A copy is of the class that the request names, whatever the source's.
        said.storageClass(),
        // nor is it encrypted as the source is, or open to whom the source is
        said.encryption(), said.ownership());
  }

  /** Where a website redirects to is said anew with each copy. */
  private static Map<String, String> redirected(Map<String, String> original, Map<String, String> said) {
    String redirect = Requests.CONTENT_HEADERS.get("WebsiteRedirectLocation");
    Map<String, String> headers = new LinkedHashMap<>(original);
    headers.remove(redirect);
    Optional.ofNullable(said.get(redirect)).ifPresent(location -> headers.put(redirect, location));
    return headers;
  }

  private static void checkDirective(String name, String directive) {
    if (directive != null && !directive.equals("COPY") && !directive.equals(REPLACE)) {
      throw S3Fault.invalidArgument("x-amz-" + name + "-directive", directive, "Unknown " + name + " directive.");
    }
  }

  private static void refuseCopyOntoItself(CopySource source, CopyObjectRequest request,
      Map<String, Object> document, boolean encrypts) {
    // naming a version brings an older one back, which is a change of its own
    boolean same = source.bucket().equals(request.bucket()) && source.key().equals(request.key())
        && source.version().isEmpty();
    boolean changes = REPLACE.equals(request.metadataDirective()) || REPLACE.equals(request.taggingDirective())
        || document.containsKey("StorageClass") || encrypts
        || document.containsKey("WebsiteRedirectLocation") || document.containsKey("ChecksumAlgorithm");
    if (same && !changes) {
      throw S3Fault.invalidRequest("This copy request is illegal because it is trying to copy an object to itself "
          + "without changing the object's metadata, storage class, website redirect location or encryption "
          + "attributes.");
    }
  }
}
