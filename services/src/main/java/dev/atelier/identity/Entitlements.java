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

/** Gathers and parses the policies that an identity holds, its boundary and its tags. */
final class Entitlements {
  /** What a session that was issued with no policy at all may do where one is needed: nothing. */
  private static final NamedPolicy NOTHING = new NamedPolicy("session", new PolicyDocument("2012-10-17", List.of()));

  private final IdentityStore identities;
  private final GroupStore groups;
  private final PolicyStore policies;
  private final EntityTags tags;
  private final Generation generation;
  private final Cache<Principal, Held> cache = Caffeine.newBuilder().maximumSize(10_000).build();

  private record Held(
      long generation, List<NamedPolicy> policies, Optional<NamedPolicy> boundary, List<EntityTags.Tag> tags) {}

  Entitlements(IdentityStore identities, GroupStore groups, PolicyStore policies, EntityTags tags,
      Generation generation) {
    this.identities = identities;
    this.groups = groups;
    this.policies = policies;
    this.tags = tags;
    this.generation = generation;
  }

  /** The policies to evaluate for a request of the identity to a resource of the same account or another. */
  Policies of(AccountId account, Identity identity, Optional<NamedPolicy> resource, boolean sameAccount) {
    return switch (identity) {
      case Identity.Root root -> new Policies(List.of(), session(root.sessionPolicies()), Optional.empty(), resource,
          sameAccount, true);
      case Identity.User user -> held(new Principal(account, Principal.Kind.USER, user.name()), List.of(), resource,
          sameAccount);
      case Identity.AssumedRole role -> held(new Principal(account, Principal.Kind.ROLE, role.role()),
          session(role.sessionPolicies()), resource, sameAccount);
      case Identity.Federated federated -> held(new Principal(account, Principal.Kind.USER, federated.user().name()),
          federated.sessionPolicies().isEmpty() ? List.of(NOTHING) : session(federated.sessionPolicies()), resource,
          sameAccount);
      case Identity.Service service -> nothing(resource);
      case Identity.Anonymous() -> nothing(resource);
    };
  }

  private Policies held(
      Principal principal, List<NamedPolicy> session, Optional<NamedPolicy> resource, boolean sameAccount) {
    Held held = held(principal);
    return new Policies(held.policies(), session, held.boundary(), resource, sameAccount, false);
  }

  private static Policies nothing(Optional<NamedPolicy> resource) {
    return new Policies(List.of(), List.of(), Optional.empty(), resource, true, false);
  }

  private static List<NamedPolicy> session(List<String> documents) {
    return documents.stream().map(text -> parsed("session", text)).toList();
  }

  /** The tags of a user or role. */
  List<EntityTags.Tag> tags(Principal principal) {
    return held(principal).tags();
  }

  private Held held(Principal principal) {
    long now = generation.current();
    Held held = cache.getIfPresent(principal);
    if (held != null && held.generation() == now) {
      return held;
    }
    Held read = read(now, principal);
    cache.put(principal, read);
    return read;
  }

  private Held read(long now, Principal principal) {
    List<NamedPolicy> read = new ArrayList<>(of(principal));
    Optional<String> boundary = Optional.empty();
    List<EntityTags.Tag> own = List.of();
    switch (principal.kind()) {
      case USER -> {
        for (Group group : groups.of(principal.account(), principal.name())) {
          read.addAll(of(group.principal()));
        }
        Optional<User> user = identities.findUser(principal.account(), principal.name());
        boundary = user.flatMap(User::boundary);
        own = user.map(one -> tags.of(one.id())).orElse(List.of());
      }
      case ROLE -> {
        Optional<Role> role = identities.findRole(principal.account(), principal.name());
        boundary = role.flatMap(Role::boundary);
        own = role.map(one -> tags.of(one.id())).orElse(List.of());
      }
      case GROUP -> { }
    }
    return new Held(now, List.copyOf(read), boundary.map(arn -> new NamedPolicy(arn, document(arn)
        .map(text -> PolicyDocument.parse(text, PolicyDocument.Kind.IDENTITY))
        .orElse(NOTHING.document()))), own);
  }

  /** The policies that the holder holds itself: inline ones, then managed ones, by name. */
  List<NamedPolicy> of(Principal principal) {
    List<NamedPolicy> read = new ArrayList<>();
    policies.inline(principal).forEach((name, text) -> read.add(parsed(name, text)));
    for (String arn : policies.attached(principal)) {
      document(arn).ifPresent(text -> read.add(parsed(arn, text)));
    }
    return read;
  }

  /** The default version's document of a managed policy, AWS's own or an account's. */
  Optional<String> document(String arn) {
    return Arn.parse(arn).filter(each -> each.service().equals("iam") && each.resource().startsWith("policy/"))
        .flatMap(this::document);
  }

  private Optional<String> document(Arn arn) {
    if (arn.account().equals("aws")) {
      return AwsManagedPolicies.find(arn).map(AwsManagedPolicies.Policy::document);
    }
    String name = arn.resource().substring(arn.resource().lastIndexOf('/') + 1);
    return arn.account().matches("\\d{12}") ? policies.find(new AccountId(arn.account()), name)
        .filter(policy -> arn.resource().equals("policy" + policy.path() + policy.name()))
        .flatMap(policy -> policies.versions(policy).stream()
            .filter(version -> version.number() == policy.defaultVersion()).findFirst())
        .map(PolicyStore.Version::document) : Optional.empty();
  }

  private static NamedPolicy parsed(String name, String text) {
    return new NamedPolicy(name, PolicyDocument.parse(text, PolicyDocument.Kind.IDENTITY));
  }
}
