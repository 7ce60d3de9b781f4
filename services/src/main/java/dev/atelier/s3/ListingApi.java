package dev.atelier.s3;

import dev.atelier.kernel.Caller;
import dev.atelier.models.s3.CommonPrefix;
import dev.atelier.models.s3.ListObjectsOutput;
import dev.atelier.models.s3.ListObjectsRequest;
import dev.atelier.models.s3.ListObjectsV2Output;
import dev.atelier.models.s3.ListObjectsV2Request;
import dev.atelier.models.s3.S3Object;
import dev.atelier.models.s3.S3Operations;
import dev.atelier.objects.Bucket;
import dev.atelier.objects.Checksum;
import dev.atelier.objects.Listing;
import dev.atelier.objects.ObjectStore;
import dev.atelier.objects.StoredObject;
import dev.atelier.operation.OperationTable;
import java.util.List;
import java.util.Optional;

/** The two listings of a bucket's objects. */
final class ListingApi {
  private final ObjectStore store;
  private final BucketAccess access;

  ListingApi(ObjectStore store, BucketAccess access) {
    this.access = access;
    this.store = store;
  }

  void register(OperationTable table) {
    table.on(S3Operations.listObjects(), this::listObjects)
        .on(S3Operations.listObjectsV2(), this::listObjectsV2);
  }

  ListObjectsOutput listObjects(Caller caller, ListObjectsRequest request) {
    Bucket bucket = Owners.bucket(store, caller, request.bucket(), request.expectedBucketOwner());
    KeyEncoding encoding = KeyEncoding.asked(request.encodingType());
    int most = KeyEncoding.most("max-keys", request.maxKeys());
    String marker = KeyEncoding.orEmpty(request.marker());
    Listing listing = store.list(request.bucket(), KeyEncoding.orEmpty(request.prefix()),
        KeyEncoding.orEmpty(request.delimiter()), new Listing.Start.After(marker), most);
    boolean delimited = request.delimiter() != null && !request.delimiter().isEmpty();
    return ListObjectsOutput.builder()
        .name(request.bucket())
        .prefix(encoding.of(KeyEncoding.orEmpty(request.prefix())))
        .marker(encoding.of(marker))
        .delimiter(delimited ? encoding.of(request.delimiter()) : null)
        .maxKeys(most)
        .isTruncated(listing.truncated())
        .nextMarker(delimited ? listing.last().map(encoding::of).orElse(null) : null)
        .encodingType(request.encodingType())
        .contents(contents(listing, encoding, Optional.of(bucket)))
        .commonPrefixes(prefixes(listing.commonPrefixes(), encoding))
        .build();
  }

  ListObjectsV2Output listObjectsV2(Caller caller, ListObjectsV2Request request) {
    Bucket bucket = Owners.bucket(store, caller, request.bucket(), request.expectedBucketOwner());
    KeyEncoding encoding = KeyEncoding.asked(request.encodingType());
    int most = KeyEncoding.most("max-keys", request.maxKeys());
    Listing.Start start = request.continuationToken() != null ? PageTokens.read(request.continuationToken()).start()
        : new Listing.Start.After(KeyEncoding.orEmpty(request.startAfter()));
    Listing listing = store.list(request.bucket(), KeyEncoding.orEmpty(request.prefix()),
        KeyEncoding.orEmpty(request.delimiter()), start, most);
    boolean delimited = request.delimiter() != null && !request.delimiter().isEmpty();
    return ListObjectsV2Output.builder()
        .name(request.bucket())
        .prefix(encoding.of(KeyEncoding.orEmpty(request.prefix())))
        .delimiter(delimited ? encoding.of(request.delimiter()) : null)
        .maxKeys(most)
        .keyCount(listing.objects().size() + listing.commonPrefixes().size())
        .isTruncated(listing.truncated())
        .continuationToken(request.continuationToken())
        .nextContinuationToken(listing.next().map(PageTokens::of).orElse(null))
        .startAfter(request.startAfter() == null ? null : encoding.of(request.startAfter()))
        .encodingType(request.encodingType())
        .contents(contents(listing, encoding,
            Boolean.TRUE.equals(request.fetchOwner()) ? Optional.of(bucket) : Optional.empty()))
        .commonPrefixes(prefixes(listing.commonPrefixes(), encoding))
        .build();
  }

  static List<CommonPrefix> prefixes(List<String> prefixes, KeyEncoding encoding) {
    return prefixes.stream().map(prefix -> CommonPrefix.builder().prefix(encoding.of(prefix)).build()).toList();
  }

  private List<S3Object> contents(Listing listing, KeyEncoding encoding, Optional<Bucket> of) {
    return listing.objects().stream().map(object -> S3Object.builder()
        .key(encoding.of(object.key()))
        .lastModified(object.lastModified())
        .eTag(Answers.quoted(object.etag()))
        .size(object.size())
        .storageClass(object.attributes().storageClass())
        .owner(of.map(bucket -> Owners.owner(access.owner(bucket, object.attributes().ownership()))).orElse(null))
        .checksumAlgorithm(algorithm(object))
        .checksumType(object.checksum().map(Checksum::type).map(Enum::name).orElse(null))
        .build()).toList();
  }

  static List<String> algorithm(StoredObject object) {
    return object.checksum().map(checksum -> List.of(checksum.algorithm().name())).orElse(List.of());
  }
}
