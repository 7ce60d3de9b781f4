package dev.atelier.jobs;

import dev.atelier.identity.Authoriser;
import dev.atelier.identity.RequestAccess;
import dev.atelier.identity.Role;
import dev.atelier.identity.Sessions;
import dev.atelier.identity.policy.Decision;
import dev.atelier.kernel.Arn;
import dev.atelier.kernel.Caller;
import dev.atelier.kernel.Fault;
import dev.atelier.kernel.Identity;
import dev.atelier.kernel.Region;
import dev.atelier.kms.Keyring;
import dev.atelier.s3.S3Feature;
import java.util.List;
import java.util.Optional;

/** Lets Atelier act with a job's role, which must still exist and trust SageMaker. */
public final class JobRoles {
  private static final String SERVICE = "sagemaker.amazonaws.com";

  private final Sessions sessions;
  private final Authoriser authoriser;
  private final RequestAccess access;
  private final S3Feature s3;
  private final Keyring keyring;

  public JobRoles(Sessions sessions, Authoriser authoriser, RequestAccess access, S3Feature s3, Keyring keyring) {
    this.keyring = keyring;
    this.sessions = sessions;
    this.authoriser = authoriser;
    this.access = access;
    this.s3 = s3;
  }

  /** The store as the role sees it. */
  public RoleObjects objects(String roleArn, Region region, String job) {
    return new RoleObjects(s3, authoriser, access, caller(roleArn, region, job), Optional.empty());
  }

  /**
   * Asks whether a job's volumes can be under a key, for which its role needs {@code kms:CreateGrant}.
   *
   * @throws Fault AccessDeniedException, NotFoundException, DisabledException, KMSInvalidStateException
   */
  public void requireKey(String roleArn, Region region, String job, String keyId) {
    keyring.requireGrantable(caller(roleArn, region, job), keyId, "sagemaker");
  }

  /** The statement that denies a role an action on a resource, in words; empty when none does, or nobody knows. */
  public Optional<String> denial(String roleArn, Region region, String job, String action, String resource) {
    try {
      return switch (authoriser.decide(caller(roleArn, region, job), Authoriser.Access.of(action, resource))) {
        case Decision.Allowed allowed -> Optional.empty();
        case Decision.ExplicitDeny deny -> Optional.of("statement " + deny.by().sid() + " of " + deny.by().policy()
            + " (" + deny.by().kind().words() + ") denies it");
        case Decision.ImplicitDeny deny -> Optional.of("no statement of an " + deny.kind().words() + " allows it");
      };
    } catch (Fault roleIsGone) {
      return Optional.empty();
    }
  }

  /** The caller that a program with the role is. @param job the session's name, as far as it is not too long */
  public Caller caller(String roleArn, Region region, String job) {
    Arn arn = Arn.parse(roleArn).orElseThrow(() -> Fault.validation("The role ARN " + roleArn + " is not valid."));
    Role role = sessions.requireTrust(arn, SERVICE, region);
    String session = job.length() > 64 ? job.substring(0, 64) : job;
    return new Caller(role.account(), region,
        new Identity.AssumedRole(role.name(), role.path(), role.id(), session, List.of()), "");
  }
}
