package dev.atelier.s3;

import dev.atelier.kernel.Caller;
import dev.atelier.kernel.Fault;
import dev.atelier.kernel.Identity;
import dev.atelier.models.s3.Checksum;
import dev.atelier.models.s3.GetObjectAttributesOutput;
import dev.atelier.models.s3.GetObjectAttributesParts;
import dev.atelier.models.s3.GetObjectAttributesRequest;
import dev.atelier.models.s3.GetObjectOutput;
import dev.atelier.models.s3.GetObjectRequest;
import dev.atelier.models.s3.HeadObjectOutput;
import dev.atelier.models.s3.HeadObjectRequest;
import dev.atelier.models.s3.ObjectPart;
import dev.atelier.models.s3.PutObjectOutput;
import dev.atelier.models.s3.PutObjectRequest;
import dev.atelier.models.s3.S3Operations;
import dev.atelier.objects.Bucket;
import dev.atelier.objects.Conditions;
import dev.atelier.objects.ObjectName;
import dev.atelier.objects.ObjectAttributes;
import dev.atelier.objects.ObjectReader;
import dev.atelier.objects.ObjectStore;
import dev.atelier.objects.S3Fault;
import dev.atelier.objects.StoredObject;
import dev.atelier.objects.Uploads;
import dev.atelier.objects.Versioning;
import dev.atelier.operation.OperationTable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Storing and reading single objects. */
final class ObjectApi {
  private static final String OVERRIDE = "Response";

  private final ObjectStore store;
  private final Bodies bodies;
  private final Encryptions encryptions;
  private final BucketAccess access;

  ObjectApi(ObjectStore store, Bodies bodies, Encryptions encryptions, BucketAccess access) {
    this.access = access;
    this.store = store;
    this.bodies = bodies;
    this.encryptions = encryptions;
  }

  void register(OperationTable table) {
    table.on(S3Operations.putObject(), this::putObject)
        .on(S3Operations.getObject(), this::getObject)
        .on(S3Operations.headObject(), this::headObject)
        .on(S3Operations.getObjectAttributes(), this::getObjectAttributes);
  }

  PutObjectOutput putObject(Caller caller, PutObjectRequest request) {
    Bucket bucket = Owners.bucket(store, caller, request.bucket(), request.expectedBucketOwner());
    Map<String, Object> document = request.toDocument();
    ObjectAttributes attributes = Requests.attributes(document,
        encryptions.fresh(caller, bucket, request.key(), document))
        .withOwnership(access.ofNewObject(caller, bucket, document));
    StoredObject stored = encryptions.storeOf(caller, document).put(request.bucket(), request.key(), bodies.body(document), attributes,
        bodies.checks(document).orDefault(), conditions(request.ifMatch(), request.ifNoneMatch()));
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("ETag", Answers.quoted(stored.etag()));
    Answers.checksum(answer, stored.checksum());
    Answers.written(answer, attributes.encryption());
    Answers.made(answer, bucket, stored.version());
    Answers.expiry(answer, store, stored);
    return PutObjectOutput.fromDocument(answer);
  }

  /** @param version versionId; null when the request has none */
  static ObjectName name(String bucket, String key, String version) {
    return new ObjectName(bucket, key, Optional.ofNullable(version));
  }

  static Conditions conditions(String ifMatch, String ifNoneMatch) {
    if (ifNoneMatch != null && (ifMatch != null || !ifNoneMatch.equals("*"))) {
      throw Requests.notImplemented(ifMatch == null ? "If-None-Match" : "If-Match,If-None-Match");
    }
    return new Conditions(Optional.ofNullable(ifMatch), Optional.ofNullable(ifNoneMatch));
  }

  GetObjectOutput getObject(Caller caller, GetObjectRequest request) {
    Bucket bucket = Owners.bucket(store, caller, request.bucket(), request.expectedBucketOwner());
    Map<String, Object> document = request.toDocument();
    ObjectReader reader = encryptions.storeOf(caller, document).open(name(request.bucket(), request.key(), request.versionId()));
    try {
      Selection selection = new Selection(document, caller, new Preconditions(request.ifMatch(),
          request.ifNoneMatch(), request.ifModifiedSince(), request.ifUnmodifiedSince()));
      Map<String, Object> answer = selection.answer(reader.object());
      ByteRange range = selection.range(reader.object())
          .orElse(new ByteRange(0, reader.object().size()));
      Answers.version(answer, bucket, reader.object().version());
      if (request.versionId() == null) {
        Answers.expiry(answer, store, reader.object());
      }
      answer.put("Body", reader.stream(range.offset(), range.length()));
      return GetObjectOutput.fromDocument(answer);
    } catch (RuntimeException e) {
      close(reader, e);
      throw e;
    }
  }

  HeadObjectOutput headObject(Caller caller, HeadObjectRequest request) {
    Bucket bucket = Owners.bucket(store, caller, request.bucket(), request.expectedBucketOwner());
    Selection selection = new Selection(request.toDocument(), caller, new Preconditions(request.ifMatch(),
        request.ifNoneMatch(), request.ifModifiedSince(), request.ifUnmodifiedSince()));
    StoredObject object = store.require(name(request.bucket(), request.key(), request.versionId()));
    Map<String, Object> answer = selection.answer(object);
    Answers.version(answer, bucket, object.version());
    if (request.versionId() == null) {
      Answers.expiry(answer, store, object);
    }
    return HeadObjectOutput.fromDocument(answer);
  }

  GetObjectAttributesOutput getObjectAttributes(Caller caller, GetObjectAttributesRequest request) {
    Bucket bucket = Owners.bucket(store, caller, request.bucket(), request.expectedBucketOwner());
    StoredObject object = store.require(name(request.bucket(), request.key(), request.versionId()));
    Encryptions.requireCustomerKey(object, request.toDocument(), "");
    int after = KeyEncoding.marker("x-amz-part-number-marker", request.partNumberMarker());
    List<String> wanted = request.objectAttributes();
    Map<String, Object> checksum = new LinkedHashMap<>();
    Answers.checksum(checksum, object.checksum());
    return GetObjectAttributesOutput.builder()
        .lastModified(object.lastModified())
        .versionId(bucket.versioning() == Versioning.UNSET ? null : object.version())
        .eTag(wanted.contains("ETag") ? object.etag() : null)
        .checksum(wanted.contains("Checksum") && !checksum.isEmpty() ? Checksum.fromDocument(checksum) : null)
        .objectParts(wanted.contains("ObjectParts") && !object.parts().isEmpty() ? parts(object, request, after) : null)
        .storageClass(wanted.contains("StorageClass") ? object.attributes().storageClass() : null)
        .objectSize(wanted.contains("ObjectSize") ? object.size() : null)
        .build();
  }

  private static GetObjectAttributesParts parts(StoredObject object, GetObjectAttributesRequest request, int after) {
    int most = request.maxParts() == null ? 1000 : Math.min(request.maxParts(), 1000);
    List<StoredObject.Part> following = object.parts().stream().filter(part -> part.number() > after).toList();
    List<StoredObject.Part> page = following.subList(0, Math.min(most, following.size()));
    return GetObjectAttributesParts.builder()
        .totalPartsCount(object.parts().size())
        .partNumberMarker(after)
        .nextPartNumberMarker(page.isEmpty() ? after : page.getLast().number())
        .maxParts(most)
        .isTruncated(page.size() < following.size())
        .parts(page.stream().map(part -> part(object, part)).toList())
        .build();
  }

  private static ObjectPart part(StoredObject object, StoredObject.Part part) {
    Map<String, Object> answer = new LinkedHashMap<>(Map.of("PartNumber", part.number(), "Size", part.size()));
    object.checksum().ifPresent(whole ->
        part.checksum().ifPresent(value -> answer.put(Bodies.member(whole.algorithm()), value)));
    return ObjectPart.fromDocument(answer);
  }

  private static void close(ObjectReader reader, RuntimeException cause) {
    try {
      reader.close();
    } catch (IOException e) {
      cause.addSuppressed(new UncheckedIOException(e));
    }
  }

  /** What a GetObject or HeadObject request asks of an object; both have the same members. */
  private record Selection(Map<String, Object> request, Caller caller, Preconditions preconditions) {

    Map<String, Object> answer(StoredObject object) {
      Encryptions.requireCustomerKey(object, request, "");
      preconditions.checkRead(object);
      Map<String, Object> answer = Answers.description(object);
      Optional<ByteRange> range = range(object);
      answer.put("ContentLength", range.map(ByteRange::length).orElse(object.size()));
      range.ifPresent(part -> answer.put("ContentRange", part.contentRange(object.size())));
      if ("ENABLED".equals(request.get("ChecksumMode")) && request.get("Range") == null) {
        Answers.checksum(answer, checksum(object));
      }
      if (request.get("PartNumber") != null && !object.parts().isEmpty()) {
        answer.put("PartsCount", object.parts().size());
      }
      override(answer);
      return answer;
    }

    /** The whole object's, or that of the part which is asked for. */
    private Optional<dev.atelier.objects.Checksum> checksum(StoredObject object) {
      if (!(request.get("PartNumber") instanceof Integer number) || object.parts().isEmpty()) {
        return object.checksum();
      }
      return object.checksum().flatMap(whole -> object.parts().get(number - 1).checksum()
          .map(value -> new dev.atelier.objects.Checksum(whole.algorithm(), value, whole.type())));
    }

    Optional<ByteRange> range(StoredObject object) {
      Optional<String> header = Requests.text(request, "Range");
      Optional<Integer> number = Optional.ofNullable((Integer) request.get("PartNumber"));
      number.filter(each -> each < 1 || each > Uploads.MOST_PARTS).ifPresent(each -> {
        throw S3Fault.invalidArgument("partNumber", each.toString(),
            "Part number must be an integer between 1 and " + Uploads.MOST_PARTS + ", inclusive");
      });
      if (header.isPresent() && number.isPresent()) {
        throw S3Fault.invalidRequest("Cannot specify both Range header and partNumber query parameter");
      }
      return number.isPresent() ? part(object, number.get())
          : header.flatMap(value -> ByteRange.of(value, object.size()));
    }

    private static Optional<ByteRange> part(StoredObject object, int number) {
      if (object.parts().isEmpty() && number == 1) {
        return object.size() == 0 ? Optional.empty() : Optional.of(new ByteRange(0, object.size()));
      }
      long offset = 0;
      int place = 0;
      for (StoredObject.Part part : object.parts()) {
        place++;
        if (place == number) {
          return Optional.of(new ByteRange(offset, part.size()));
        }
        offset += part.size();
      }
      throw new Fault("InvalidPartNumber", 416, "The requested partnumber is not satisfiable",
          Map.of("ActualPartCount", Integer.toString(Math.max(1, object.parts().size())),
              "PartNumberRequested", Integer.toString(number)));
    }

    /** Signed requests may say which content headers the answer has. */
    private void override(Map<String, Object> answer) {
      for (String member : Requests.CONTENT_HEADERS.keySet()) {
        Object value = request.get(OVERRIDE + member);
        if (value != null) {
          if (caller.identity() instanceof Identity.Anonymous) {
            throw S3Fault.invalidRequest(
                "Request specific response headers cannot be used for anonymous GET requests.");
          }
          answer.put(member, value);
        }
      }
    }
  }
}
