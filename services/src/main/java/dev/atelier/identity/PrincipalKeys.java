package dev.atelier.identity;

import dev.atelier.identity.policy.PrincipalMatch;
import dev.atelier.kernel.Arn;
import dev.atelier.kernel.Caller;
import dev.atelier.kernel.Identity;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The condition keys that tell who makes a request. */
final class PrincipalKeys {
  private static final String TAG = "aws:principaltag/";

  private final Entitlements entitlements;
  private final Credentials credentials;
  private final Clock clock;

  PrincipalKeys(Entitlements entitlements, Credentials credentials, Clock clock) {
    this.entitlements = entitlements;
    this.credentials = credentials;
    this.clock = clock;
  }

  /** Keys in lower case. */
  Map<String, List<String>> of(Caller caller) {
    Map<String, List<String>> keys = new HashMap<>();
    keys.put("aws:viaawsservice", List.of("false"));
    switch (caller.identity()) {
      case Identity.Anonymous() -> keys.put("aws:principaltype", List.of("Anonymous"));
      case Identity.Service service -> {
        keys.put(PrincipalMatch.SERVICE, List.of(service.principal()));
        keys.put("aws:principalisawsservice", List.of("true"));
      }
      case Identity.User user -> {
        keys.put("aws:username", List.of(user.name()));
        keys.put("aws:principaltype", List.of("User"));
        tags(keys, new Principal(caller.account(), Principal.Kind.USER, user.name()));
      }
      case Identity.Root root -> keys.put("aws:principaltype", List.of("Account"));
      case Identity.AssumedRole role -> {
        keys.put("aws:principaltype", List.of("AssumedRole"));
        keys.put("aws:principalarn", List.of(Arn.global(caller.partition(), "iam", caller.account(),
            "role" + role.path() + role.role()).toString()));
        tags(keys, new Principal(caller.account(), Principal.Kind.ROLE, role.role()));
      }
      case Identity.Federated federated -> keys.put("aws:principaltype", List.of("FederatedUser"));
    }
    if (!(caller.identity() instanceof Identity.Anonymous || caller.identity() instanceof Identity.Service)) {
      keys.put("aws:principalaccount", List.of(caller.account().value()));
      keys.put("aws:principalisawsservice", List.of("false"));
      keys.put("aws:userid", List.of(caller.principalId()));
      keys.put(PrincipalMatch.SESSION_ARN, List.of(caller.arn().toString()));
      keys.putIfAbsent("aws:principalarn", List.of(caller.arn().toString()));
      session(keys, credentials.facts(caller.accessKeyId()));
    }
    return keys;
  }

  private void tags(Map<String, List<String>> keys, Principal principal) {
    entitlements.tags(principal).forEach(tag ->
        keys.put(TAG + tag.name().toLowerCase(Locale.ROOT), List.of(tag.value())));
  }

  /** What only sessions have; the tags of a session stand before those of its role. */
  private void session(Map<String, List<String>> keys, SessionFacts facts) {
    if (facts.issuedAt() == 0) {
      return;
    }
    facts.tags().forEach((name, value) -> keys.put(TAG + name.toLowerCase(Locale.ROOT), List.of(value)));
    keys.put("aws:tokenissuetime", List.of(Instant.ofEpochSecond(facts.issuedAt()).toString()));
    keys.put("aws:multifactorauthpresent", List.of(Boolean.toString(facts.mfa())));
    if (facts.mfa()) {
      keys.put("aws:multifactorauthage",
          List.of(Long.toString(Math.max(0, clock.instant().getEpochSecond() - facts.issuedAt()))));
    }
    if (!facts.sourceIdentity().isEmpty()) {
      keys.put("aws:sourceidentity", List.of(facts.sourceIdentity()));
    }
    if (!facts.provider().isEmpty()) {
      keys.put("aws:federatedprovider", List.of(facts.provider()));
    }
  }
}
