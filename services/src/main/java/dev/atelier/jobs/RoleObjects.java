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
import dev.atelier.objects.ObjectReader;
import dev.atelier.objects.ObjectStore;
import dev.atelier.objects.StoredObject;
import dev.atelier.s3.S3Feature;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

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

  /** The objects whose keys begin with the location's key, in order of key; folder markers are left out. */
  public List<StoredObject> list(S3Location prefix) {
    authorise("s3:ListBucket", prefix.bucket(), "");
    List<StoredObject> found = new ArrayList<>();
    objects.each(prefix.bucket(), prefix.key(), object -> {
      if (!(object.key().endsWith("/") && object.size() == 0)) {
        found.add(object);
      }
    });
    return found;
  }

  /** Links an object's present content to {@code target}, which stays as it is whatever happens to the object. */
  public StoredObject link(S3Location object, Path target) {
    authorise("s3:GetObject", object.bucket(), object.key());
    return objects.link(object.bucket(), object.key(), target);
  }

  /** The whole of a small object, such as a manifest. */
  public byte[] read(S3Location object, int maxBytes) throws IOException {
    authorise("s3:GetObject", object.bucket(), object.key());
    try (ObjectReader reader = objects.open(object.bucket(), object.key())) {
      return reader.stream().readNBytes(maxBytes);
    }
  }

  /** The content of an object. */
  public InputStream open(S3Location object) throws IOException {
    authorise("s3:GetObject", object.bucket(), object.key());
    return objects.open(object.bucket(), object.key()).stream();
  }

  /** Stores an object of any length that S3 knows: on AWS, too, what a job leaves is not sent in one request. */
  public StoredObject put(S3Location object, InputStream content) {
    authorise("s3:PutObject", object.bucket(), object.key());
    return objects.put(object.bucket(), object.key(), content,
        s3.attributes(role, object.bucket(), object.key(), kmsKey), BodyChecks.OWN.orDefault(), Conditions.NONE);
  }

  /** @throws Fault as {@link #put} would: there is no such bucket, or the key of KMS cannot be used */
  public void checkTarget(S3Location object) {
    s3.attributes(role, object.bucket(), object.key(), kmsKey);
  }

  private void authorise(String action, String bucket, String key) {
    String arn = "arn:" + role.partition().id() + ":s3:::" + bucket + (key.isEmpty() ? "" : "/" + key);
    authoriser.authorise(role, access.ownedBy(bucket, Access.of(action, arn)));
  }
}
