package dev.atelier.s3;

import dev.atelier.kernel.Caller;
import dev.atelier.kernel.Fault;
import dev.atelier.models.NoOutput;
import dev.atelier.models.s3.DeleteMarkerEntry;
import dev.atelier.models.s3.GetBucketVersioningOutput;
import dev.atelier.models.s3.GetBucketVersioningRequest;
import dev.atelier.models.s3.ListObjectVersionsOutput;
import dev.atelier.models.s3.ListObjectVersionsRequest;
import dev.atelier.models.s3.PutBucketVersioningRequest;
import dev.atelier.models.s3.S3Operations;
import dev.atelier.models.s3.VersioningConfiguration;
import dev.atelier.objects.Bucket;
import dev.atelier.objects.Checksum;
import dev.atelier.objects.DeleteMarker;
import dev.atelier.objects.ObjectStore;
import dev.atelier.objects.S3Fault;
import dev.atelier.objects.StoredObject;
import dev.atelier.objects.VersionListing;
import dev.atelier.objects.Versioning;
import dev.atelier.operation.OperationTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Whether a bucket keeps versions, and which ones it keeps. */
final class VersioningApi {
  private final ObjectStore store;
  private final BucketAccess access;

  VersioningApi(ObjectStore store, BucketAccess access) {
    this.access = access;
    this.store = store;
  }

  void register(OperationTable table) {
    table.on(S3Operations.getBucketVersioning(), this::getBucketVersioning)
        .on(S3Operations.putBucketVersioning(), this::putBucketVersioning)
        .on(S3Operations.listObjectVersions(), this::listObjectVersions);
  }

  /** A bucket whose versioning was never set answers with no status. */
  GetBucketVersioningOutput getBucketVersioning(Caller caller, GetBucketVersioningRequest request) {
    Bucket bucket = Owners.bucket(store, caller, request.bucket(), request.expectedBucketOwner());
    return GetBucketVersioningOutput.builder().status(switch (bucket.versioning()) {
      case UNSET -> null;
      case ENABLED -> "Enabled";
      case SUSPENDED -> "Suspended";
    }).build();
  }

  NoOutput putBucketVersioning(Caller caller, PutBucketVersioningRequest request) {
    Owners.bucket(store, caller, request.bucket(), request.expectedBucketOwner());
    VersioningConfiguration configuration = request.versioningConfiguration();
    if (configuration == null) {
      throw S3Fault.of("MalformedXML", 400,
          "The XML you provided was not well-formed or did not validate against our published schema");
    }
    if (request.mfa() != null || "Enabled".equals(configuration.mfaDelete())) {
      throw new Fault("NotImplemented", 501, "Multi-factor deletion is not supported by this version of Atelier.");
    }
    Versioning wanted = switch (configuration.status()) {
      case "Enabled" -> Versioning.ENABLED;
      case "Suspended" -> Versioning.SUSPENDED;
      case null, default -> throw S3Fault.of("IllegalVersioningConfigurationException", 400,
          "The Versioning element must be specified");
    };
    store.buckets().setVersioning(request.bucket(), wanted);
    return new NoOutput();
  }

  ListObjectVersionsOutput listObjectVersions(Caller caller, ListObjectVersionsRequest request) {
    Bucket bucket = Owners.bucket(store, caller, request.bucket(), request.expectedBucketOwner());
    KeyEncoding encoding = KeyEncoding.asked(request.encodingType());
    int most = KeyEncoding.most("max-keys", request.maxKeys());
    String prefix = KeyEncoding.orEmpty(request.prefix());
    String delimiter = KeyEncoding.orEmpty(request.delimiter());
    VersionListing listing =
        store.versions(request.bucket(), prefix, delimiter, start(request), most);
    List<dev.atelier.models.s3.ObjectVersion> versions = new ArrayList<>();
    List<DeleteMarkerEntry> markers = new ArrayList<>();
    for (VersionListing.Entry entry : listing.entries()) {
      switch (entry.version()) {
        case StoredObject object -> versions.add(version(object, entry.latest(), bucket, encoding));
        case DeleteMarker marker -> markers.add(DeleteMarkerEntry.builder().key(encoding.of(marker.key()))
            .versionId(marker.version()).isLatest(entry.latest()).lastModified(marker.lastModified())
            .owner(Owners.owner(bucket.account())).build());
      }
    }
    return ListObjectVersionsOutput.builder()
        .name(request.bucket())
        .prefix(encoding.of(prefix))
        .delimiter(delimiter.isEmpty() ? null : encoding.of(delimiter))
        .keyMarker(encoding.of(KeyEncoding.orEmpty(request.keyMarker())))
        .versionIdMarker(KeyEncoding.orEmpty(request.versionIdMarker()))
        .maxKeys(most)
        .isTruncated(listing.next().isPresent())
        .nextKeyMarker(listing.next().map(next -> encoding.of(next.key())).orElse(null))
        .nextVersionIdMarker(listing.next().flatMap(VersionListing.Marker::version).orElse(null))
        .encodingType(request.encodingType())
        .versions(versions)
        .deleteMarkers(markers)
        .commonPrefixes(ListingApi.prefixes(listing.commonPrefixes(), encoding))
        .build();
  }

  private static VersionListing.Marker start(ListObjectVersionsRequest request) {
    Optional<String> version = Optional.ofNullable(request.versionIdMarker()).filter(id -> !id.isEmpty());
    String key = KeyEncoding.orEmpty(request.keyMarker());
    if (version.isPresent() && key.isEmpty()) {
      throw S3Fault.invalidArgument("version-id-marker", version.get(),
          "A version-id marker cannot be specified without a key marker.");
    }
    return new VersionListing.Marker(key, version);
  }

  private dev.atelier.models.s3.ObjectVersion version(StoredObject object, boolean latest, Bucket bucket,
      KeyEncoding encoding) {
    return dev.atelier.models.s3.ObjectVersion.builder()
        .key(encoding.of(object.key()))
        .versionId(object.version())
        .isLatest(latest)
        .lastModified(object.lastModified())
        .eTag(Answers.quoted(object.etag()))
        .size(object.size())
        .storageClass(object.attributes().storageClass())
        .owner(Owners.owner(access.owner(bucket, object.attributes().ownership())))
        .checksumAlgorithm(ListingApi.algorithm(object))
        .checksumType(object.checksum().map(Checksum::type).map(Enum::name).orElse(null))
        .build();
  }
}
