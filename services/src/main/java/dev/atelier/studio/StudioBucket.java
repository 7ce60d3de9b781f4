package dev.atelier.studio;

import dev.atelier.jobs.JobRoles;
import dev.atelier.jobs.RoleObjects;
import dev.atelier.jobs.S3Location;
import dev.atelier.kernel.AccountId;
import dev.atelier.kernel.Arn;
import dev.atelier.kernel.Fault;
import dev.atelier.kernel.Region;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.OptionalLong;

/** Where Studio keeps in S3 what it keeps for its users: everything is written and read as their execution role. */
public final class StudioBucket {
  private static final String SESSION = "SageMaker";

  private final JobRoles roles;
  private final RoleActions actions;

  public StudioBucket(JobRoles roles, RoleActions actions) {
    this.roles = roles;
    this.actions = actions;
  }

  /** The bucket that SageMaker's SDK and Studio use where nobody names one. */
  public static S3Location usual(AccountId account, Region region) {
    return new S3Location("sagemaker-" + region.name() + "-" + account.value(), "");
  }

  /**
   * Finds the bucket of a place that is to be written to; the usual bucket is made when it is not there.
   *
   * @throws Fault ValidationException: there is none; AccessDenied: somebody else has taken the usual bucket's name
   */
  public void require(Arn role, Region region, S3Location place) {
    AccountId account = new AccountId(role.account());
    boolean usual = place.bucket().equals(usual(account, region).bucket());
    Optional<AccountId> owner = objects(role, region).owner(place.bucket());
    if (owner.isEmpty() && !usual) {
      throw Fault.validation("There is no bucket " + place.bucket() + ".");
    }
    if (owner.isEmpty()) {
      actions.makeBucket(role, region, place.bucket());
    } else if (usual && !owner.get().equals(account)) {
      throw new Fault("AccessDenied", 403, "The bucket " + place.bucket() + " belongs to another account.");
    }
  }

  /**
   * Stores an object, in a bucket as {@link #require} finds it.
   *
   * @param key the KMS key to store it under; without one the bucket decides
   */
  public void put(Arn role, Region region, S3Location place, byte[] content, Optional<String> key) {
    require(role, region, place);
    objects(role, region).encryptingWith(key).put(place, new ByteArrayInputStream(content));
  }

  /** An object's content. @throws Fault S3's refusal, or RequestTooLarge: it is longer than {@code most} bytes */
  public byte[] read(Arn role, Region region, S3Location place, int most) {
    try {
      byte[] content = objects(role, region).read(place, most + 1);
      if (content.length > most) {
        throw tooLarge(most);
      }
      return content;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** @throws Fault RequestTooLarge: the file that somebody wants stored is longer than {@code most} bytes */
  public static void requireSize(OptionalLong size, int most) {
    if (size.orElse(0) > most) {
      throw tooLarge(most);
    }
  }

  /** The refusal of what is longer than it may be. */
  public static Fault tooLarge(int most) {
    return new Fault("RequestTooLarge", 413, "It is larger than " + (most >> 20) + " MiB.");
  }

  private RoleObjects objects(Arn role, Region region) {
    return roles.objects(role.toString(), region, SESSION);
  }
}
