package dev.atelier.s3;

import dev.atelier.kernel.Caller;
import dev.atelier.models.s3.Initiator;
import dev.atelier.models.s3.ListMultipartUploadsOutput;
import dev.atelier.models.s3.ListMultipartUploadsRequest;
import dev.atelier.models.s3.ListPartsOutput;
import dev.atelier.models.s3.ListPartsRequest;
import dev.atelier.models.s3.MultipartUpload;
import dev.atelier.models.s3.Part;
import dev.atelier.models.s3.S3Operations;
import dev.atelier.objects.Bucket;
import dev.atelier.objects.Checksum;
import dev.atelier.objects.ObjectStore;
import dev.atelier.objects.Upload;
import dev.atelier.objects.UploadListing;
import dev.atelier.objects.UploadPart;
import dev.atelier.operation.OperationTable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Listings of unfinished uploads and of their parts. */
final class UploadListingApi {
  private final ObjectStore store;

  UploadListingApi(ObjectStore store) {
    this.store = store;
  }

  void register(OperationTable table) {
    table.on(S3Operations.listParts(), this::listParts)
        .on(S3Operations.listMultipartUploads(), this::listMultipartUploads);
  }

  ListPartsOutput listParts(Caller caller, ListPartsRequest request) {
    Bucket bucket = Owners.bucket(store, caller, request.bucket(), request.expectedBucketOwner());
    Upload upload = store.uploads().require(request.bucket(), request.key(), request.uploadId());
    int most = KeyEncoding.most("max-parts", request.maxParts());
    int after = KeyEncoding.marker("part-number-marker", request.partNumberMarker());
    List<UploadPart> found =
        store.uploads().parts(request.bucket(), request.key(), request.uploadId(), after, most + 1);
    List<UploadPart> page = found.subList(0, Math.min(most, found.size()));
    String owner = Owners.canonicalId(bucket.account());
    return ListPartsOutput.builder()
        .bucket(upload.bucket())
        .key(upload.key())
        .uploadId(upload.id())
        .partNumberMarker(after)
        .nextPartNumberMarker(page.isEmpty() ? after : page.getLast().number())
        .maxParts(most)
        .isTruncated(found.size() > page.size())
        .parts(page.stream().map(UploadListingApi::part).toList())
        .initiator(Initiator.builder().id(owner).build())
        .owner(Owners.owner(bucket.account()))
        .storageClass(upload.attributes().storageClass())
        .checksumAlgorithm(upload.checksum().map(checksum -> checksum.algorithm().name()).orElse(null))
        .checksumType(upload.checksum().map(Checksum::type).map(Enum::name).orElse(null))
        .build();
  }

  private static Part part(UploadPart part) {
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("PartNumber", part.number());
    answer.put("LastModified", part.lastModified());
    answer.put("ETag", Answers.quoted(part.etag()));
    answer.put("Size", part.size());
    part.checksum().ifPresent(value -> answer.put(Bodies.member(part.algorithm().orElseThrow()), value));
    return Part.fromDocument(answer);
  }

  ListMultipartUploadsOutput listMultipartUploads(Caller caller, ListMultipartUploadsRequest request) {
    Bucket bucket = Owners.bucket(store, caller, request.bucket(), request.expectedBucketOwner());
    KeyEncoding encoding = KeyEncoding.asked(request.encodingType());
    int most = KeyEncoding.most("max-uploads", request.maxUploads());
    String prefix = KeyEncoding.orEmpty(request.prefix());
    String delimiter = KeyEncoding.orEmpty(request.delimiter());
    String keyMarker = KeyEncoding.orEmpty(request.keyMarker());
    // An upload-id-marker without a key-marker is passed over, as by S3.
    String idMarker = keyMarker.isEmpty() ? "" : KeyEncoding.orEmpty(request.uploadIdMarker());
    UploadListing listing = store.uploads().list(request.bucket(), prefix, delimiter, keyMarker, idMarker, most);
    return ListMultipartUploadsOutput.builder()
        .bucket(request.bucket())
        .prefix(encoding.of(prefix))
        .delimiter(delimiter.isEmpty() ? null : encoding.of(delimiter))
        .keyMarker(encoding.of(keyMarker))
        .uploadIdMarker(idMarker)
        .maxUploads(most)
        .isTruncated(listing.truncated())
        .nextKeyMarker(listing.truncated() ? encoding.of(listing.nextKey()) : null)
        .nextUploadIdMarker(listing.truncated()
            ? Optional.of(listing.nextId()).filter(id -> !id.isEmpty()).orElse(null) : null)
        .encodingType(request.encodingType())
        .uploads(listing.uploads().stream().map(upload -> upload(upload, bucket, encoding)).toList())
        .commonPrefixes(ListingApi.prefixes(listing.commonPrefixes(), encoding))
        .build();
  }

  private static MultipartUpload upload(Upload upload, Bucket bucket, KeyEncoding encoding) {
    return MultipartUpload.builder()
        .uploadId(upload.id())
        .key(encoding.of(upload.key()))
        .initiated(upload.initiated())
        .storageClass(upload.attributes().storageClass())
        .owner(Owners.owner(bucket.account()))
        .initiator(Initiator.builder().id(Owners.canonicalId(bucket.account())).build())
        .checksumAlgorithm(upload.checksum().map(checksum -> checksum.algorithm().name()).orElse(null))
        .checksumType(upload.checksum().map(Checksum::type).map(Enum::name).orElse(null))
        .build();
  }
}
