package dev.atelier.s3;

import dev.atelier.kernel.Caller;
import dev.atelier.models.s3.AbortMultipartUploadOutput;
import dev.atelier.models.s3.AbortMultipartUploadRequest;
import dev.atelier.models.s3.CompleteMultipartUploadOutput;
import dev.atelier.models.s3.CompleteMultipartUploadRequest;
import dev.atelier.models.s3.CompletedMultipartUpload;
import dev.atelier.models.s3.CopyPartResult;
import dev.atelier.models.s3.CreateMultipartUploadOutput;
import dev.atelier.models.s3.CreateMultipartUploadRequest;
import dev.atelier.models.s3.S3Operations;
import dev.atelier.models.s3.UploadPartCopyOutput;
import dev.atelier.models.s3.UploadPartCopyRequest;
import dev.atelier.models.s3.UploadPartOutput;
import dev.atelier.models.s3.UploadPartRequest;
import dev.atelier.objects.BodyChecks;
import dev.atelier.objects.Bucket;
import dev.atelier.objects.Checksum;
import dev.atelier.objects.ChecksumAlgorithm;
import dev.atelier.objects.CompletedPart;
import dev.atelier.objects.Completion;
import dev.atelier.objects.ObjectReader;
import dev.atelier.objects.ObjectStore;
import dev.atelier.objects.S3Fault;
import dev.atelier.objects.StoredObject;
import dev.atelier.objects.Upload;
import dev.atelier.objects.UploadPart;
import dev.atelier.objects.Versioning;
import dev.atelier.operation.OperationTable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Multipart uploads: begin, store parts, complete, abort. */
final class MultipartApi {
  private static final String FULL_OBJECT = "FULL_OBJECT";

  private final ObjectStore store;
  private final Bodies bodies;
  private final Encryptions encryptions;
  private final BucketAccess access;

  MultipartApi(ObjectStore store, Bodies bodies, Encryptions encryptions, BucketAccess access) {
    this.access = access;
    this.store = store;
    this.bodies = bodies;
    this.encryptions = encryptions;
  }

  void register(OperationTable table) {
    table.on(S3Operations.createMultipartUpload(), this::createMultipartUpload)
        .on(S3Operations.uploadPart(), this::uploadPart)
        .on(S3Operations.uploadPartCopy(), this::uploadPartCopy)
        .on(S3Operations.completeMultipartUpload(), this::completeMultipartUpload)
        .on(S3Operations.abortMultipartUpload(), this::abortMultipartUpload);
    new UploadListingApi(store).register(table);
  }

  CreateMultipartUploadOutput createMultipartUpload(Caller caller, CreateMultipartUploadRequest request) {
    Bucket bucket = Owners.bucket(store, caller, request.bucket(), request.expectedBucketOwner());
    Map<String, Object> document = request.toDocument();
    Optional<ChecksumAlgorithm> algorithm = Bodies.asked(document);
    if (algorithm.isEmpty() && request.checksumType() != null) {
      throw S3Fault.invalidRequest(
          "The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm header.");
    }
    Upload upload = store.uploads().create(request.bucket(), request.key(), Requests.attributes(document,
        encryptions.fresh(caller, bucket, request.key(), document))
            .withOwnership(access.ofNewObject(caller, bucket, document)), algorithm,
        Optional.ofNullable(request.checksumType()).map(MultipartApi::type));
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("Bucket", upload.bucket());
    answer.put("Key", upload.key());
    answer.put("UploadId", upload.id());
    upload.checksum().ifPresent(checksum -> {
      answer.put("ChecksumAlgorithm", checksum.algorithm().name());
      answer.put("ChecksumType", checksum.type().name());
    });
    Answers.written(answer, upload.attributes().encryption());
    return CreateMultipartUploadOutput.fromDocument(answer);
  }

  UploadPartOutput uploadPart(Caller caller, UploadPartRequest request) {
    Owners.bucket(store, caller, request.bucket(), request.expectedBucketOwner());
    Map<String, Object> document = request.toDocument();
    Requests.refuseUnhonoured(document);
    BodyChecks checks = bodies.checks(document);
    UploadPart part = encryptions.storeOf(caller, document).uploads().put(request.bucket(), request.key(), request.uploadId(), request.partNumber(),
        bodies.body(document), checks);
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("ETag", Answers.quoted(part.etag()));
    part.checksum().ifPresent(value -> answer.put(Bodies.member(part.algorithm().orElseThrow()), value));
    return UploadPartOutput.fromDocument(answer);
  }

  UploadPartCopyOutput uploadPartCopy(Caller caller, UploadPartCopyRequest request) {
    Owners.bucket(store, caller, request.bucket(), request.expectedBucketOwner());
    CopySource source = CopySource.of(request.copySource());
    Bucket from = Owners.source(store, source.bucket(), request.expectedSourceBucketOwner());
    Map<String, Object> document = request.toDocument();
    Requests.refuseUnhonoured(document);
    ObjectStore opening = encryptions.storeOf(caller, document);
    try (ObjectReader reader = source.reading(() -> opening.open(source.name()))) {
      StoredObject object = reader.object();
      Encryptions.requireCustomerKey(object, document, "CopySource");
      new Preconditions(request.copySourceIfMatch(), request.copySourceIfNoneMatch(),
          request.copySourceIfModifiedSince(), request.copySourceIfUnmodifiedSince()).checkCopySource(object);
      ByteRange range = Optional.ofNullable(request.copySourceRange())
          .map(header -> ByteRange.ofCopy(header, object.size())).orElse(new ByteRange(0, object.size()));
      UploadPart part = opening.uploads().put(request.bucket(), request.key(), request.uploadId(),
          request.partNumber(), reader.stream(range.offset(), range.length()), BodyChecks.NONE);
      Map<String, Object> result = new LinkedHashMap<>();
      result.put("ETag", Answers.quoted(part.etag()));
      result.put("LastModified", part.lastModified());
      part.checksum().ifPresent(value -> result.put(Bodies.member(part.algorithm().orElseThrow()), value));
      return UploadPartCopyOutput.builder().copyPartResult(CopyPartResult.fromDocument(result))
          .copySourceVersionId(from.versioning() == Versioning.UNSET ? null : object.version()).build();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  CompleteMultipartUploadOutput completeMultipartUpload(Caller caller, CompleteMultipartUploadRequest request) {
    Bucket bucket = Owners.bucket(store, caller, request.bucket(), request.expectedBucketOwner());
    Map<String, Object> document = request.toDocument();
    List<CompletedPart> parts = Optional.ofNullable(request.multipartUpload())
        .map(CompletedMultipartUpload::parts).orElse(List.of()).stream().map(MultipartApi::completed).toList();
    Optional<Checksum> expected = Bodies.given(document).flatMap(algorithm ->
        Requests.text(document, Bodies.member(algorithm))
            .map(value -> new Checksum(algorithm, value, Checksum.Type.FULL_OBJECT)));
    StoredObject object = store.uploads().complete(request.bucket(), request.key(), request.uploadId(), parts,
        new Completion(expected, Optional.ofNullable(request.checksumType())
            .map(MultipartApi::type), Optional.ofNullable(request.mpuObjectSize())),
        ObjectApi.conditions(request.ifMatch(), request.ifNoneMatch()));
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("Location", "https://" + object.bucket() + ".s3." + caller.region().name() + "."
        + caller.partition().dnsSuffix() + "/" + KeyEncoding.URL.of(object.key()));
    answer.put("Bucket", object.bucket());
    answer.put("Key", object.key());
    answer.put("ETag", Answers.quoted(object.etag()));
    Answers.checksum(answer, object.checksum());
    Answers.encryption(answer, object.attributes().encryption());
    Answers.made(answer, bucket, object.version());
    return CompleteMultipartUploadOutput.fromDocument(answer);
  }

  AbortMultipartUploadOutput abortMultipartUpload(Caller caller, AbortMultipartUploadRequest request) {
    Owners.bucket(store, caller, request.bucket(), request.expectedBucketOwner());
    if (request.ifMatchInitiatedTime() != null) {
      throw Requests.notImplemented();
    }
    store.uploads().abort(request.bucket(), request.key(), request.uploadId());
    return AbortMultipartUploadOutput.builder().build();
  }

  private static CompletedPart completed(dev.atelier.models.s3.CompletedPart part) {
    if (part.partNumber() == null || part.eTag() == null) {
      throw S3Fault.of("MalformedXML", 400,
          "The XML you provided was not well-formed or did not validate against our published schema");
    }
    Map<String, Object> document = part.toDocument();
    Optional<String> checksum = Bodies.given(document)
        .flatMap(algorithm -> Requests.text(document, Bodies.member(algorithm)));
    return new CompletedPart(part.partNumber(), part.eTag(), checksum);
  }

  private static Checksum.Type type(String name) {
    return name.equals(FULL_OBJECT) ? Checksum.Type.FULL_OBJECT : Checksum.Type.COMPOSITE;
  }
}
