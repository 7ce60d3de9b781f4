package dev.atelier.jobs;

import dev.atelier.identity.Authoriser;
import dev.atelier.identity.Authoriser.Access;
import dev.atelier.identity.RequestAccess;
import dev.atelier.kernel.AccountId;
import dev.atelier.kernel.Caller;
import dev.atelier.kernel.Fault;
import dev.atelier.objects.BodyChecks;
import dev.atelier.objects.Bucket;
import dev.atelier.objects.Conditions;
import dev.atelier.objects.Listing;
import dev.atelier.objects.ObjectAttributes;
import dev.atelier.objects.ObjectReader;
import dev.atelier.objects.ObjectStore;
import dev.atelier.objects.StoredObject;
import dev.atelier.s3.S3Feature;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The object store as a job's role sees it: every read and write that Atelier does for a job is authorised as the role,
 * so a deny put on the role stops the job as it would on AWS.
 */
public final class RoleObjects {
  private final S3Feature s3;
  private final ObjectStore objects;
  private final Authoriser authoriser;
  private final RequestAccess access;
  private final Caller role;
  private final Optional<String> kmsKey;

  RoleObjects(S3Feature s3, Authoriser authoriser, RequestAccess access, Caller role, Optional<String> kmsKey) {
    this.s3 = s3;
    this.objects = s3.opening(role);
    this.authoriser = authoriser;
    this.access = access;
    this.role = role;
    this.kmsKey = kmsKey;
  }

  /** The same, storing objects under a key of KMS; without one the bucket decides. */
  public RoleObjects encryptingWith(Optional<String> key) {
    return new RoleObjects(s3, authoriser, access, role, key);
  }

  /** Whose a bucket is, which S3 tells everybody; empty when there is none of the name. */
  public Optional<AccountId> owner(String bucket) {
    return objects.buckets().find(bucket).map(Bucket::account);
  }

  /** Tells the objects whose keys begin with the location's key, in order of key; folder markers are left out. */
  public void list(S3Location prefix, Consumer<StoredObject> action) {
    authoriseListing(prefix);
    objects.each(prefix.bucket(), prefix.key(), object -> {
      if (!isMarker(object)) {
        action.accept(object);
      }
    });
  }

  /** Is shown the objects below a prefix. */
  public interface Visitor {
    /**
     * @param content when it is small
     * @param link links the object's present content, as {@link RoleObjects#link}
     */
    void found(StoredObject object, Optional<byte[]> content, Consumer<Path> link);
  }

  /** As {@link #list}, each to be read. */
  public void each(S3Location prefix, Visitor visitor) {
    authoriseListing(prefix);
    objects.eachReadable(prefix.bucket(), prefix.key(), page -> {
      List<ObjectStore.Readable> files = page.stream().filter(each -> !isMarker(each.object())).toList();
      authoriseReading(prefix.bucket(), files.stream().map(ObjectStore.Readable::object).toList());
      files.forEach(each -> visitor.found(each.object(), each.content(),
          target -> objects.link(prefix.bucket(), each.object().key(), target)));
    });
  }

  /** The first of what {@link #list} tells, or nothing. */
  public Optional<StoredObject> first(S3Location prefix) {
    authoriseListing(prefix);
    Optional<Listing.Start> start = Optional.of(Listing.Start.BEGINNING);
    while (start.isPresent()) {
      Listing page = objects.list(prefix.bucket(), prefix.key(), "", start.get(), 100);
      Optional<StoredObject> first = page.objects().stream().filter(each -> !isMarker(each)).findFirst();
      if (first.isPresent()) {
        return first;
      }
      start = page.next();
    }
    return Optional.empty();
  }

  private static boolean isMarker(StoredObject object) {
    return object.key().endsWith("/") && object.size() == 0;
  }

  private void authoriseReading(String bucket, List<StoredObject> found) {
    boolean alike = s3.objectsAreAlike(bucket);
    List<String> untagged = new ArrayList<>();
    for (StoredObject object : found) {
      Map<String, String> tags = object.attributes().tags();
      if (alike && tags.isEmpty()) {
        untagged.add(object.key());
      } else {
        authoriser.authorise(role, reading(bucket, object.key(), tags));
      }
    }
    if (!untagged.isEmpty()) {
      Access first = reading(bucket, untagged.getFirst(), Map.of());
      String arn = first.resource().substring(0, first.resource().length() - untagged.getFirst().length());
      authoriser.authoriseAll(role, first, untagged.stream().map(key -> arn + key).toList());
    }
  }

  private void authoriseReading(S3Location object) {
    authoriser.authorise(role, reading(object.bucket(), object.key(),
        s3.objectTags(object.bucket(), object.key(), Optional.empty())));
  }

  private Access reading(String bucket, String key, Map<String, String> tags) {
    return access.ofObject(role, "s3:GetObject", bucket, key, Map.of(), tags);
  }

  /** Links an object's present content to {@code target}, which stays as it is whatever happens to the object. */
  public StoredObject link(S3Location object, Path target) {
    authoriseReading(object);
    return objects.link(object.bucket(), object.key(), target);
  }

  /** The whole of a small object, as far as {@code maxBytes} go. */
  public byte[] read(S3Location object, int maxBytes) throws IOException {
    authoriseReading(object);
    try (ObjectReader reader = objects.open(object.bucket(), object.key())) {
      return reader.stream().readNBytes(maxBytes);
    }
  }

  /**
   * The content of an object.
   *
   * @param most bytes that it may have
   * @throws Fault S3's refusal, or ValidationException: it is larger
   */
  public InputStream open(S3Location object, long most) throws IOException {
    authoriseReading(object);
    ObjectReader reader = objects.open(object.bucket(), object.key());
    if (reader.object().size() > most) {
      reader.close();
      throw Fault.validation("The object \"" + object + "\" is larger than " + most + " bytes.");
    }
    return reader.stream();
  }

  /** Stores an object of any length that S3 knows: on AWS, too, what a job leaves is not sent in one request. */
  public StoredObject put(S3Location object, InputStream content) {
    return objects.put(object.bucket(), object.key(), content, allowed(object), BodyChecks.OWN.orDefault(),
        Conditions.NONE);
  }

  private ObjectAttributes allowed(S3Location object) {
    Map<String, Object> request = s3.encryption(role, object.bucket(), kmsKey);
    authorise("s3:PutObject", object, request);
    return s3.attributes(role, object.bucket(), object.key(), request);
  }

  /** @throws Fault as {@link #put} would: as {@link #checkTarget}, or the role may not store it */
  public void checkPut(S3Location object) {
    allowed(object);
  }

  /** @throws Fault as {@link #put} would: there is no such bucket, or the key of KMS cannot be used */
  public void checkTarget(S3Location object) {
    s3.attributes(role, object.bucket(), object.key(), s3.encryption(role, object.bucket(), kmsKey));
  }

  private void authoriseListing(S3Location prefix) {
    authorise("s3:ListBucket", new S3Location(prefix.bucket(), ""), Map.of("Prefix", prefix.key()));
  }

  /** @param request what the role's own request would say, by the names of its members */
  private void authorise(String action, S3Location object, Map<String, Object> request) {
    authoriser.authorise(role, access.ofObject(role, action, object.bucket(), object.key(), request, Map.of()));
  }
}
