package dev.atelier.s3;

import dev.atelier.kernel.Caller;
import dev.atelier.kernel.Fault;
import dev.atelier.kernel.Partition;
import dev.atelier.kernel.Region;
import dev.atelier.models.NoOutput;
import dev.atelier.models.s3.CreateBucketConfiguration;
import dev.atelier.models.s3.CreateBucketOutput;
import dev.atelier.models.s3.CreateBucketRequest;
import dev.atelier.models.s3.DeleteBucketRequest;
import dev.atelier.models.s3.GetBucketLocationOutput;
import dev.atelier.models.s3.GetBucketLocationRequest;
import dev.atelier.models.s3.HeadBucketOutput;
import dev.atelier.models.s3.HeadBucketRequest;
import dev.atelier.models.s3.ListBucketsOutput;
import dev.atelier.models.s3.ListBucketsRequest;
import dev.atelier.models.s3.S3Operations;
import dev.atelier.objects.Bucket;
import dev.atelier.objects.Buckets;
import dev.atelier.objects.ObjectStore;
import dev.atelier.objects.S3Fault;
import dev.atelier.operation.OperationTable;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The operations on buckets themselves. */
final class BucketApi {
  private static final Region FIRST = new Region("us-east-1");
  private static final int MOST = 10_000;

  private final ObjectStore store;
  private final BucketAccess access;

  BucketApi(ObjectStore store, BucketAccess access) {
    this.access = access;
    this.store = store;
  }

  void register(OperationTable table) {
    table.on(S3Operations.listBuckets(), this::listBuckets)
        .on(S3Operations.createBucket(), this::createBucket)
        .on(S3Operations.headBucket(), this::headBucket)
        .on(S3Operations.deleteBucket(), this::deleteBucket)
        .on(S3Operations.getBucketLocation(), this::getBucketLocation);
  }

  ListBucketsOutput listBuckets(Caller caller, ListBucketsRequest request) {
    int most = request.maxBuckets() == null ? MOST : request.maxBuckets();
    if (most < 1 || most > MOST) {
      throw S3Fault.invalidArgument("max-buckets", Integer.toString(most),
          "Argument max-buckets must be an integer between 1 and " + MOST);
    }
    String prefix = request.prefix() == null ? "" : request.prefix();
    String after = request.continuationToken() == null ? "" : PageTokens.read(request.continuationToken()).text();
    List<Bucket> buckets = store.buckets().list(caller.account(), prefix,
        Optional.ofNullable(request.bucketRegion()), after, most + 1);
    boolean more = buckets.size() > most;
    List<Bucket> page = more ? buckets.subList(0, most) : buckets;
    return ListBucketsOutput.builder()
        .buckets(page.stream().map(bucket -> dev.atelier.models.s3.Bucket.builder().name(bucket.name())
            .creationDate(bucket.created()).bucketRegion(bucket.region().name()).build()).toList())
        .owner(Owners.owner(caller.account()))
        .prefix(request.prefix())
        .continuationToken(more ? PageTokens.after(page.getLast().name()) : null)
        .build();
  }

  CreateBucketOutput createBucket(Caller caller, CreateBucketRequest request) {
    ObjectOwnership rule = request.objectOwnership() == null ? ObjectOwnership.ENFORCED
        : ObjectOwnership.of(request.objectOwnership()).orElseThrow(() -> S3Fault.invalidArgument(
            "x-amz-object-ownership", request.objectOwnership(), "Invalid x-amz-object-ownership header: "
                + request.objectOwnership()));
    Map<String, String> documents = new HashMap<>(BucketAccess.NEW_BUCKET);
    documents.put(ObjectOwnership.KIND, rule.word());
    access.ofNewBucket(caller.account(), rule, request.toDocument())
        .ifPresent(list -> documents.put(BucketAccess.ACL, list.json()));
    if (Boolean.TRUE.equals(request.objectLockEnabledForBucket())) {
      throw Requests.notImplemented();
    }
    Region region = location(caller.region(), Optional.ofNullable(request.createBucketConfiguration())
        .map(CreateBucketConfiguration::locationConstraint).filter(constraint -> !constraint.isEmpty()));
    Map<String, String> tags = Optional.ofNullable(request.createBucketConfiguration())
        .map(configuration -> Tags.of(configuration.tags(), Tags.MOST_OF_BUCKET)).orElse(Map.of());
    if (!tags.isEmpty()) {
      documents.put(BucketDocumentApi.TAGS, Tags.json(tags));
    }
    if (store.buckets().create(request.bucket(), caller.account(), region, documents)
        instanceof Buckets.Creation.Existed existed) {
      requireRepeatable(caller, region, existed.bucket());
    }
    return CreateBucketOutput.builder().location("/" + request.bucket()).build();
  }

  /** Only us-east-1 takes the repeated creation of one's own bucket for a success. */
  private static void requireRepeatable(Caller caller, Region region, Bucket existing) {
    if (!existing.account().equals(caller.account())) {
      throw new Fault("BucketAlreadyExists", 409, "The requested bucket name is not available. The bucket namespace is "
          + "shared by all users of the system. Please select a different name and try again.",
          Map.of("BucketName", existing.name()));
    }
    if (!region.equals(FIRST) || !existing.region().equals(FIRST)) {
      throw new Fault("BucketAlreadyOwnedByYou", 409, "Your previous request to create the named bucket succeeded and "
          + "you already own it.", Map.of("BucketName", existing.name()));
    }
  }

  private static Region location(Region endpoint, Optional<String> constraint) {
    if (constraint.isEmpty()) {
      if (!endpoint.equals(FIRST)) {
        throw incompatible("unspecified");
      }
      return FIRST;
    }
    String name = constraint.get().equals("EU") ? "eu-west-1" : constraint.get();
    if (!Region.isRegion(name) || name.equals(FIRST.name())
        || new Region(name).partition() != endpoint.partition()) {
      throw new Fault("InvalidLocationConstraint", 400, "The specified location-constraint is not valid",
          Map.of("LocationConstraint", constraint.get()));
    }
    if (!endpoint.equals(FIRST) && !name.equals(endpoint.name())) {
      throw incompatible(constraint.get());
    }
    return new Region(name);
  }

  private static Fault incompatible(String constraint) {
    return S3Fault.of("IllegalLocationConstraintException", 400, "The " + constraint
        + " location constraint is incompatible for the region specific endpoint this request was sent to.");
  }

  HeadBucketOutput headBucket(Caller caller, HeadBucketRequest request) {
    Bucket bucket = Owners.bucket(store, caller, request.bucket(), request.expectedBucketOwner());
    Partition partition = bucket.region().partition();
    return HeadBucketOutput.builder().bucketRegion(bucket.region().name())
        .bucketArn("arn:" + partition.id() + ":s3:::" + bucket.name()).accessPointAlias(false).build();
  }

  NoOutput deleteBucket(Caller caller, DeleteBucketRequest request) {
    Owners.bucket(store, caller, request.bucket(), request.expectedBucketOwner());
    store.buckets().delete(request.bucket());
    return new NoOutput();
  }

  GetBucketLocationOutput getBucketLocation(Caller caller, GetBucketLocationRequest request) {
    // clients ask it to learn the region, so it is answered whatever the signature names
    Region region = Owners.source(store, request.bucket(), request.expectedBucketOwner()).region();
    return GetBucketLocationOutput.builder().locationConstraint(region.equals(FIRST) ? null : region.name()).build();
  }
}
