package dev.atelier.identity;

import dev.atelier.identity.RecordStore.Entry;
import dev.atelier.identity.RecordStore.Kind;
import dev.atelier.kernel.AccountId;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** What must be known of IAM's own entities to decide about requests for them. */
public final class IamResources {
  private final IdentityStore identities;
  private final GroupStore groups;
  private final RecordStore records;
  private final EntityTags tags;

  IamResources(IdentityStore identities, GroupStore groups, RecordStore records, EntityTags tags) {
    this.identities = identities;
    this.groups = groups;
    this.records = records;
    this.tags = tags;
  }

  /** Whether there is whom a Principal element of a policy names, by its type ({@code AWS}, {@code Service}, ...). */
  public boolean isPrincipal(String type, String name) {
    return new TrustPolicies(identities).names(type, name);
  }

  /** What follows the type in the ARN of an entity of an account: its path, without the leading slash, and its name. */
  Optional<String> pathAndName(AccountId account, String type, String name) {
    return switch (type) {
      case "user" -> pathAndName(account, Principal.Kind.USER, name);
      case "group" -> pathAndName(account, Principal.Kind.GROUP, name);
      case "role" -> pathAndName(account, Principal.Kind.ROLE, name);
      case "instance-profile" -> records.find(account, Kind.INSTANCE_PROFILE, name, InstanceProfiles.Profile.class)
          .map(profile -> profile.value().path().substring(1) + profile.name());
      case "server-certificate" -> records.find(account, Kind.SERVER_CERTIFICATE, name, Certificates.Server.class)
          .map(certificate -> certificate.value().path().substring(1) + certificate.name());
      case "mfa" -> device(account, name).map(Entry::name);
      case "oidc-provider" -> records.find(account, Kind.OIDC_PROVIDER, name, Providers.Oidc.class).map(Entry::name);
      case "saml-provider" -> records.find(account, Kind.SAML_PROVIDER, name, Providers.Saml.class).map(Entry::name);
      default -> Optional.empty();
    };
  }

  private Optional<String> pathAndName(AccountId account, Principal.Kind kind, String name) {
    return find(account, kind, name).map(holder -> holder.path().substring(1) + holder.principal().name());
  }

  /** The name of the user whose access key it is. */
  Optional<String> keyOwner(AccountId account, String accessKeyId) {
    return identities.findKey(accessKeyId).filter(row -> row.account().equals(account)).map(row -> row.key().user());
  }

  /** The name of the user whose MFA device it is. */
  Optional<String> deviceOwner(AccountId account, String serial) {
    return device(account, MfaDevices.name(account, serial)).map(Entry::owner).filter(owner -> !owner.isEmpty());
  }

  private Optional<Entry<MfaDevices.Device>> device(AccountId account, String name) {
    return records.find(account, Kind.MFA_DEVICE, name, MfaDevices.Device.class);
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
