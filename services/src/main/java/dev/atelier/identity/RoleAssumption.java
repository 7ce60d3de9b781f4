package dev.atelier.identity;

import dev.atelier.identity.Authoriser.Access;
import dev.atelier.identity.policy.PolicyDocument;
import dev.atelier.identity.policy.PolicyEvaluator;
import dev.atelier.identity.policy.PolicyEvaluator.NamedPolicy;
import dev.atelier.kernel.Arn;
import dev.atelier.kernel.Caller;
import dev.atelier.kernel.Fault;
import dev.atelier.kernel.Identity;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * AssumeRole. The trust policy must trust the caller: one that it names itself and that is of the same account needs
 * nothing more, every other one also needs a policy of its own that allows it.
 */
final class RoleAssumption {
  private static final Duration LONGEST_CHAINED = Duration.ofHours(1);

  private final Sessions sessions;
  private final Authoriser authoriser;
  private final Credentials credentials;
  private final MfaDevices devices;
  private final ConsoleSessionStore console;
  private final Clock clock;

  RoleAssumption(
      Sessions sessions, Authoriser authoriser, Credentials credentials, MfaDevices devices,
      ConsoleSessionStore console, Clock clock) {
    this.sessions = sessions;
    this.authoriser = authoriser;
    this.credentials = credentials;
    this.devices = devices;
    this.console = console;
    this.clock = clock;
  }

  /**
   * What AssumeRole asks for.
   *
   * @param policies session policies, which together bound the session
   * @param externalId what the trust policy may ask for by {@code sts:ExternalId}
   * @param transitive names of the tags that further sessions inherit
   */
  record Request(
      Arn role,
      String sessionName,
      List<String> policies,
      Duration duration,
      Optional<String> externalId,
      Optional<String> sourceIdentity,
      Map<String, String> tags,
      List<String> transitive,
      Optional<SecondFactor> secondFactor) {}

  /** The serial number of a device and the code that it shows. */
  record SecondFactor(String serial, String code) {}

  Sessions.RoleSession assume(Caller caller, Request request) {
    if (console.actsWith(caller.accessKeyId())) {
      // keys in the answer would be in reach of the page's scripts, and outlive the session
      throw Fault.accessDenied("Cannot call AssumeRole with the console's session: use an access key");
    }
    SessionFacts before = credentials.facts(caller.accessKeyId());
    boolean mfa = request.secondFactor().isPresent();
    request.secondFactor().ifPresent(factor -> requireFactor(caller, factor));
    checkInherited(before, request);
    Optional<Role> role = sessions.find(request.role());
    if (role.isEmpty()) {
      throw Fault.accessDenied(
          "User: " + caller.arn() + " is not authorized to perform: sts:AssumeRole on resource: " + request.role());
    }
    Map<String, List<String>> keys = keys(request, mfa);
    allow(caller, role.get(), request, "sts:AssumeRole", keys);
    if (!request.tags().isEmpty()) {
      allow(caller, role.get(), request, "sts:TagSession", keys);
    }
    if (request.sourceIdentity().isPresent()) {
      allow(caller, role.get(), request, "sts:SetSourceIdentity", keys);
    }
    checkDuration(caller, role.get(), request.duration());
    Map<String, String> tags = new HashMap<>(before.inherited());
    tags.putAll(request.tags());
    List<String> transitive = new ArrayList<>(before.transitive());
    transitive.addAll(request.transitive());
    SessionFacts facts = new SessionFacts(tags, transitive,
        request.sourceIdentity().orElse(before.sourceIdentity()), clock.instant().getEpochSecond(),
        mfa || before.mfa() && caller.identity() instanceof Identity.User, "");
    return new Sessions.RoleSession(
        sessions.ofRole(role.get(), request.sessionName(), request.policies(), request.duration(), facts), role.get());
  }

  private void requireFactor(Caller caller, SecondFactor factor) {
    boolean proven = caller.identity() instanceof Identity.User user
        && devices.verify(caller.account(), user.name(), factor.serial(), factor.code());
    if (!proven) {
      throw Fault.accessDenied("MultiFactorAuthentication failed with invalid MFA one time pass code. ");
    }
  }

  private static void checkInherited(SessionFacts before, Request request) {
    if (before.inherited().keySet().stream().anyMatch(name ->
        request.tags().keySet().stream().anyMatch(name::equalsIgnoreCase))) {
      throw new Fault("InvalidParameterValue", 400,
          "One of the specified transitive tag keys can't be set because it conflicts with a transitive tag key "
              + "from the calling session.");
    }
    boolean unknown = request.transitive().stream().anyMatch(name ->
        request.tags().keySet().stream().noneMatch(name::equalsIgnoreCase));
    if (unknown) {
      throw new Fault("InvalidParameterValue", 400,
          "The specified transitive tag key must be included in the requested tags.");
    }
    request.sourceIdentity().filter(wanted -> !before.sourceIdentity().isEmpty()
        && !before.sourceIdentity().equals(wanted)).ifPresent(wanted -> {
          throw Fault.accessDenied("The source identity of the calling session cannot be changed.");
        });
  }

  private static Map<String, List<String>> keys(Request request, boolean mfa) {
    Map<String, List<String>> keys = new HashMap<>();
    keys.put("sts:rolesessionname", List.of(request.sessionName()));
    request.externalId().ifPresent(id -> keys.put("sts:externalid", List.of(id)));
    request.sourceIdentity().ifPresent(id -> keys.put("sts:sourceidentity", List.of(id)));
    request.tags().forEach((name, value) -> keys.put("aws:requesttag/" + name.toLowerCase(Locale.ROOT), List.of(value)));
    if (!request.tags().isEmpty()) {
      keys.put("aws:tagkeys", List.copyOf(request.tags().keySet()));
    }
    if (!request.transitive().isEmpty()) {
      keys.put("sts:transitivetagkeys", request.transitive());
    }
    if (mfa) {
      keys.put("aws:multifactorauthpresent", List.of("true"));
      keys.put("aws:multifactorauthage", List.of("0"));
    }
    return keys;
  }

  private void allow(
      Caller caller, Role role, Request request, String action, Map<String, List<String>> keys) {
    NamedPolicy trust =
        new NamedPolicy("trust policy", PolicyDocument.parse(role.trust(), PolicyDocument.Kind.TRUST));
    Access access = new Access(action, request.role().toString(), keys, Optional.of(role.account()), Optional.of(trust));
    // the trust policy has to trust in any case: a policy of the caller's own is never enough
    boolean trusted = PolicyEvaluator.trusts(trust.document(), authoriser.context(caller, access));
    if (!trusted || !authoriser.decide(caller, access).allowed()) {
      throw Fault.accessDenied(
          "User: " + caller.arn() + " is not authorized to perform: " + action + " on resource: " + request.role());
    }
  }

  private static void checkDuration(Caller caller, Role role, Duration wanted) {
    if (wanted.compareTo(role.maxSession()) > 0) {
      throw new Fault("ValidationError", 400,
          "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.");
    }
    if (caller.identity() instanceof Identity.AssumedRole && wanted.compareTo(LONGEST_CHAINED) > 0) {
      throw new Fault("ValidationError", 400,
          "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.");
    }
  }
}
