package dev.atelier.identity;

import dev.atelier.kernel.AccountId;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** What must be known of IAM's own users, groups and roles to decide about requests for them. */
public final class IamResources {
  private final IdentityStore identities;
  private final GroupStore groups;
  private final EntityTags tags;

  IamResources(IdentityStore identities, GroupStore groups, EntityTags tags) {
    this.identities = identities;
    this.groups = groups;
    this.tags = tags;
  }

  /** Whether there is whom a Principal element of a policy names, by its type ({@code AWS}, {@code Service}, ...). */
  public boolean isPrincipal(String type, String name) {
    return new TrustPolicies(identities).names(type, name);
  }

  /** Path and name of an entity of an account, without the leading slash; the bare name of one that is not there. */
  String pathAndName(AccountId account, Principal.Kind kind, String name) {
    return find(account, kind, name).map(holder -> holder.path().substring(1) + holder.principal().name()).orElse(name);
  }

  /** The tags of a user or role as keys of a request for it. */
  Map<String, List<String>> tags(AccountId account, Principal.Kind kind, String name) {
    Map<String, List<String>> keys = new HashMap<>();
    find(account, kind, name).map(Holder::id).map(tags::of).orElse(List.of()).forEach(tag -> {
      keys.put("aws:resourcetag/" + tag.name().toLowerCase(Locale.ROOT), List.of(tag.value()));
      keys.put("iam:resourcetag/" + tag.name().toLowerCase(Locale.ROOT), List.of(tag.value()));
    });
    return keys;
  }

  private Optional<? extends Holder> find(AccountId account, Principal.Kind kind, String name) {
    return switch (kind) {
      case USER -> identities.findUser(account, name);
      case GROUP -> groups.find(account, name);
      case ROLE -> identities.findRole(account, name);
    };
  }
}
