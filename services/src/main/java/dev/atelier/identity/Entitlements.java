package dev.atelier.identity;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.atelier.identity.policy.PolicyDocument;
import dev.atelier.identity.policy.PolicyEvaluator.NamedPolicy;
import dev.atelier.identity.policy.PolicyEvaluator.Policies;
import dev.atelier.kernel.AccountId;
import dev.atelier.kernel.Arn;
import dev.atelier.kernel.Identity;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Gathers and parses the policies that an identity holds. */
final class Entitlements {
  private final PolicyStore policies;
  private final Generation generation;
  private final Cache<Principal, Held> cache = Caffeine.newBuilder().maximumSize(10_000).build();

  private record Held(long generation, List<NamedPolicy> policies) {}

  Entitlements(PolicyStore policies, Generation generation) {
    this.policies = policies;
    this.generation = generation;
  }

  /** The policies to evaluate for a request of the identity to a resource of the same account or another. */
  Policies of(AccountId account, Identity identity, Optional<NamedPolicy> resource, boolean sameAccount) {
    return switch (identity) {
      case Identity.Root() -> new Policies(List.of(), List.of(), Optional.empty(), resource, sameAccount, true);
      case Identity.User user -> new Policies(of(new Principal(account, Principal.Kind.USER, user.name())),
          List.of(), Optional.empty(), resource, sameAccount, false);
      case Identity.AssumedRole role -> new Policies(of(new Principal(account, Principal.Kind.ROLE, role.role())),
          session(role.sessionPolicies()), Optional.empty(), resource, sameAccount, false);
      case Identity.Federated federated -> new Policies(
          of(new Principal(account, Principal.Kind.USER, federated.user().name())),
          session(federated.sessionPolicies()), Optional.empty(), resource, sameAccount, false);
      case Identity.Service service -> nothing(resource);
      case Identity.Anonymous() -> nothing(resource);
    };
  }

  private static Policies nothing(Optional<NamedPolicy> resource) {
    return new Policies(List.of(), List.of(), Optional.empty(), resource, true, false);
  }

  private static List<NamedPolicy> session(List<String> documents) {
    return documents.stream()
        .map(text -> new NamedPolicy("session", PolicyDocument.parse(text, PolicyDocument.Kind.IDENTITY)))
        .toList();
  }

  List<NamedPolicy> of(Principal principal) {
    long now = generation.current();
    Held held = cache.getIfPresent(principal);
    if (held != null && held.generation() == now) {
      return held.policies();
    }
    List<NamedPolicy> read = new ArrayList<>();
    policies.inline(principal).forEach((name, text) -> read.add(parsed(name, text)));
    for (String arn : policies.attached(principal)) {
      document(arn).ifPresent(text -> read.add(parsed(arn, text)));
    }
    cache.put(principal, new Held(now, List.copyOf(read)));
    return read;
  }

  /** The default version's document of a managed policy, AWS's own or an account's. */
  Optional<String> document(String arn) {
    Arn parsed = Arn.parse(arn).orElseThrow();
    if (parsed.account().equals("aws")) {
      return AwsManagedPolicies.document(AwsManagedPolicies.name(parsed));
    }
    String name = parsed.resource().substring(parsed.resource().lastIndexOf('/') + 1);
    return policies.find(new AccountId(parsed.account()), name)
        .flatMap(policy -> policies.versions(policy).stream()
            .filter(version -> version.number() == policy.defaultVersion()).findFirst())
        .map(PolicyStore.Version::document);
  }

  private static NamedPolicy parsed(String name, String text) {
    return new NamedPolicy(name, PolicyDocument.parse(text, PolicyDocument.Kind.IDENTITY));
  }
}
