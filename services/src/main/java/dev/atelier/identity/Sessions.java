package dev.atelier.identity;

import dev.atelier.identity.SessionStore.Kind;
import dev.atelier.identity.SessionStore.SessionRow;
import dev.atelier.compute.WorkloadId;
import dev.atelier.identity.policy.PolicyDocument;
import dev.atelier.identity.policy.PolicyEvaluator;
import dev.atelier.kernel.AccountId;
import dev.atelier.kernel.Arn;
import dev.atelier.kernel.Caller;
import dev.atelier.kernel.Fault;
import dev.atelier.kernel.Identity;
import dev.atelier.kernel.Region;
import dev.atelier.metadata.Secrets;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;

/** Issues temporary credentials. */
public final class Sessions {
  private static final Duration SWEEP = Duration.ofHours(1);

  private final IdentityStore identities;
  private final SessionStore store;
  private final Authoriser authoriser;
  private final Secrets secrets;
  private final Generation generation;
  private final Clock clock;
  private final AtomicReference<Instant> lastSweep = new AtomicReference<>(Instant.EPOCH);

  Sessions(IdentityStore identities, SessionStore store, Authoriser authoriser, Secrets secrets,
      Generation generation, Clock clock) {
    this.generation = generation;
    this.identities = identities;
    this.store = store;
    this.authoriser = authoriser;
    this.secrets = secrets;
    this.clock = clock;
  }

  /** A session with the role it is of. */
  public record RoleSession(SessionCredentials credentials, Role role) {}

  /**
   * A session of a role for a sandbox of a service that acts with it, such as a training job's.
   *
   * @param workload the sandbox; {@link #endOf} ends the session with it
   * @param service the service principal, such as {@code sagemaker.amazonaws.com}
   * @throws Fault ValidationException when the role does not exist or does not trust the service
   */
  public RoleSession assumeForService(Arn roleArn, String service, Region region, String sessionName, String workload,
      Duration duration) {
    Role role = requireTrust(roleArn, service, region);
    return new RoleSession(issue(new Holder(role.account(), Kind.role, role.name(), sessionName, workload), List.of(),
        duration, SessionFacts.issued(clock.instant())), role);
  }

  /**
   * The role that a caller hands to a service.
   *
   * @throws Fault ValidationException when it is another account's, does not exist or does not trust the service
   */
  public Role requirePassed(Caller caller, String roleArn, String service) {
    Arn role = Arn.parse(roleArn).orElseThrow(() -> Fault.validation("The role ARN " + roleArn + " is not valid."));
    if (!role.account().equals(caller.account().value())) {
      throw Fault.validation("RoleArn: Cross-account pass role is not allowed.");
    }
    return requireTrust(role, service, caller.region());
  }

  /** The role, when it exists and trusts the service. */
  public Role requireTrust(Arn roleArn, String service, Region region) {
    return find(roleArn)
        .filter(role -> PolicyEvaluator.trusts(PolicyDocument.parse(role.trust(), PolicyDocument.Kind.TRUST),
            authoriser.context(
                new Caller(role.account(), region, new Identity.Service(service), ""),
                Authoriser.Access.of("sts:AssumeRole", roleArn.toString()))))
        .orElseThrow(() -> Fault.validation("Could not assume role " + roleArn
            + ". Please ensure that the role exists and allows principal '" + service + "' to assume the role."));
  }

  /** A session of a role whose trust was checked. */
  SessionCredentials ofRole(
      Role role, String sessionName, List<String> policies, Duration duration, SessionFacts facts) {
    check(policies);
    return issue(new Holder(role.account(), Kind.role, role.name(), sessionName, ""), policies, duration, facts);
  }

  /** GetSessionToken: the user's own rights for a while. */
  SessionCredentials sessionToken(AccountId account, Identity.User user, Duration duration, boolean mfa) {
    return issue(new Holder(account, Kind.user, user.name(), "", ""), List.of(), duration,
        new SessionFacts(Map.of(), List.of(), "", clock.instant().getEpochSecond(), mfa, ""));
  }

  /** GetFederationToken: the user's rights where the policies allow as well. */
  SessionCredentials federationToken(AccountId account, Identity.User user, String name, List<String> policies,
      Map<String, String> tags, Duration duration) {
    check(policies);
    return issue(new Holder(account, Kind.federated, user.name(), name, ""), policies, duration,
        new SessionFacts(tags, List.copyOf(tags.keySet()), "", clock.instant().getEpochSecond(), false, ""));
  }

  /** AssumeRoot: the account's root user where the policies allow. */
  SessionCredentials ofRoot(AccountId account, List<String> policies, Duration duration) {
    check(policies);
    return issue(new Holder(account, Kind.root, "", "", ""), policies, duration,
        SessionFacts.issued(clock.instant()));
  }

  private static void check(List<String> policies) {
    policies.forEach(policy -> PolicyDocument.parse(policy, PolicyDocument.Kind.IDENTITY));
  }

  /** The sandbox whose session an access key is of; empty for everybody else's keys. */
  public Optional<WorkloadId> workload(String accessKeyId) {
    return store.workload(accessKeyId).map(WorkloadId::new);
  }

  /** Ends every session that was handed to a sandbox, before its time. */
  public void endOf(String workload) {
    if (store.deleteOf(workload) > 0) {
      generation.changed();
    }
  }

  /** Ends the sessions of sandboxes that are gone, as found at a start. */
  public void retain(Predicate<String> liveWorkload) {
    store.workloads().stream().filter(liveWorkload.negate()).forEach(this::endOf);
  }

  /** Forgets sessions that expired a day ago; until then their use is answered with ExpiredToken. */
  private void forgetExpired() {
    store.deleteExpiredBefore(clock.instant().minus(Duration.ofDays(1)));
  }

  Optional<Role> find(Arn arn) {
    if (!arn.service().equals("iam") || !arn.resource().startsWith("role/") || !arn.account().matches("\\d{12}")) {
      return Optional.empty();
    }
    String name = arn.resource().substring(arn.resource().lastIndexOf('/') + 1);
    return identities.findRole(new AccountId(arn.account()), name)
        .filter(role -> arn.resource().equals("role" + role.path() + role.name()));
  }

  /** Whom a session is for. */
  private record Holder(AccountId account, Kind kind, String principal, String session, String workload) {}

  private SessionCredentials issue(Holder holder, List<String> policies, Duration duration, SessionFacts facts) {
    Instant now = clock.instant();
    Instant swept = lastSweep.get();
    if (now.isAfter(swept.plus(SWEEP)) && lastSweep.compareAndSet(swept, now)) {
      forgetExpired();
    }
    Instant expires = now.plus(duration).truncatedTo(ChronoUnit.SECONDS);
    SessionCredentials credentials =
        new SessionCredentials(UniqueId.of("ASIA"), UniqueId.secret(), UniqueId.token(), expires);
    store.insert(new SessionRow(credentials.accessKeyId(), holder.account(), holder.kind(), holder.principal(),
        holder.session(),
        seal(credentials.secretAccessKey(), Credentials.secretOf(credentials.accessKeyId())),
        seal(credentials.sessionToken(), Credentials.tokenOf(credentials.accessKeyId())), policies, expires, facts),
        holder.workload());
    return credentials;
  }

  private String seal(String secret, String context) {
    return secrets.seal(secret.getBytes(StandardCharsets.UTF_8), context);
  }
}
