package dev.atelier.jobs;

import dev.atelier.identity.Authoriser;
import dev.atelier.identity.Authoriser.Access;
import dev.atelier.identity.RequestAccess;
import dev.atelier.kernel.Caller;
import dev.atelier.objects.BodyChecks;
import dev.atelier.objects.Conditions;
import dev.atelier.objects.ObjectAttributes;
import dev.atelier.objects.ObjectReader;
import dev.atelier.objects.ObjectStore;
import dev.atelier.objects.StoredObject;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The object store as a job's role sees it: every read and write that Atelier does for a job is authorised as the role,
 * so a deny put on the role stops the job as it would on AWS.
 */
public final class RoleObjects {
  private final ObjectStore objects;
  private final Authoriser authoriser;
  private final RequestAccess access;
  private final Caller role;

  public RoleObjects(ObjectStore objects, Authoriser authoriser, RequestAccess access, Caller role) {
    this.objects = objects;
    this.authoriser = authoriser;
    this.access = access;
    this.role = role;
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

  /** Stores an object of any length that S3 knows: on AWS, too, what a job leaves is not sent in one request. */
  public StoredObject put(S3Location object, InputStream content) {
    authorise("s3:PutObject", object.bucket(), object.key());
    return objects.put(object.bucket(), object.key(), content, ObjectAttributes.NONE, BodyChecks.OWN, Conditions.NONE);
  }

  private void authorise(String action, String bucket, String key) {
    String arn = "arn:" + role.partition().id() + ":s3:::" + bucket + (key.isEmpty() ? "" : "/" + key);
    authoriser.authorise(role, access.ownedBy(bucket, Access.of(action, arn)));
  }
}
