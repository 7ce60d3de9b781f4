package dev.atelier.identity;

import dev.atelier.kernel.AccountId;
import dev.atelier.kernel.Arn;
import dev.atelier.kernel.Caller;
import dev.atelier.kernel.Fault;
import dev.atelier.models.sts.AssumeRootRequest;
import dev.atelier.models.sts.AssumeRootResponse;
import dev.atelier.models.sts.Credentials;
import dev.atelier.models.sts.StsOperations;
import dev.atelier.operation.OperationTable;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * AssumeRoot: a short session of the root user of the caller's own account for one task. AWS lends it to the
 * administrators of an organization; here an account has none above it, so its own principals may be given the right.
 */
final class RootSessionApi {
  private static final String TASKS = "root-task/";
  private static final String UNLOCK = "S3UnlockBucketPolicy";
  private static final Set<String> NOT_BUILT = Set.of("IAMAuditRootUserCredentials", "IAMCreateRootUserPassword",
      "IAMDeleteRootUserCredentials", "SQSUnlockQueuePolicy");
  private static final String UNLOCKING = """
      {"Version": "2012-10-17", "Statement": [{"Sid": "Unlock", "Effect": "Allow", "Resource": "*",
        "Action": ["s3:ListAllMyBuckets", "s3:GetBucketPolicy", "s3:PutBucketPolicy", "s3:DeleteBucketPolicy"]}]}""";
  private static final int LONGEST = 900;

  private final Sessions sessions;

  RootSessionApi(Sessions sessions) {
    this.sessions = sessions;
  }

  void register(OperationTable table) {
    table.on(StsOperations.assumeRoot(), this::assumeRoot);
  }

  AssumeRootResponse assumeRoot(Caller caller, AssumeRootRequest request) {
    AccountId target = target(request.targetPrincipal())
        .orElseThrow(() -> new Fault("ValidationError", 400, request.targetPrincipal() + " is invalid"));
    if (!target.equals(caller.account())) {
      throw Fault.accessDenied("User: " + caller.arn() + " is not authorized to perform: sts:AssumeRoot on resource: "
          + Arn.global(caller.partition(), "iam", target, "root"));
    }
    requireTask(request.taskPolicyArn().arn());
    int seconds = request.durationSeconds() == null ? LONGEST : request.durationSeconds();
    SessionCredentials issued =
        sessions.ofRoot(target, List.of(UNLOCKING), Duration.ofSeconds(seconds));
    return AssumeRootResponse.builder().credentials(Credentials.builder().accessKeyId(issued.accessKeyId())
        .secretAccessKey(issued.secretAccessKey()).sessionToken(issued.sessionToken())
        .expiration(issued.expiration()).build()).build();
  }

  /** The account whose root user is meant: by its id, or by the root user's ARN. */
  static Optional<AccountId> target(String principal) {
    return Arn.parse(principal).filter(arn -> arn.service().equals("iam") && arn.resource().equals("root"))
        .map(Arn::account).or(() -> Optional.of(principal))
        .filter(account -> account.matches("\\d{12}")).map(AccountId::new);
  }

  private static void requireTask(String policy) {
    String name = Arn.parse(policy).filter(arn -> arn.service().equals("iam") && arn.account().equals("aws"))
        .map(Arn::resource).filter(resource -> resource.startsWith("policy/" + TASKS))
        .map(resource -> resource.substring(("policy/" + TASKS).length())).orElse("");
    if (NOT_BUILT.contains(name)) {
      throw new Fault("UnsupportedOperation", 400,
          "sts:AssumeRoot with the task policy " + name + " is not supported by this version of Atelier.");
    }
    if (!name.equals(UNLOCK)) {
      throw new Fault("ValidationError", 400, "The task policy " + policy + " is not one of AWS's root tasks.");
    }
  }
}
