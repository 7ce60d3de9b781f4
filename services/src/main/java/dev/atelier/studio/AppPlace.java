package dev.atelier.studio;

import dev.atelier.compute.ComputeException;
import dev.atelier.jobs.Capacity;
import dev.atelier.kernel.Arn;
import dev.atelier.kernel.Caller;
import dev.atelier.kernel.Fault;
import dev.atelier.kernel.Identity;
import java.util.Locale;
import java.util.Optional;

/**
 * Where an app belongs.
 *
 * @param owner its profile or space
 * @param settings what counts there
 */
record AppPlace(StudioResource domain, StudioResource owner, EffectiveSettings settings) {

  /** Whether the owner is a space whose files lie on a volume of its own. */
  boolean onVolume() {
    return owner.kind() == ResourceKind.SPACE && SpaceRules.onVolume(owner.document());
  }

  /** Whether its programs reach more than Atelier: those of a domain within a VPC do not, for there is no VPC behind it. */
  boolean internet() {
    return domain.text("AppNetworkAccessType").filter("VpcOnly"::equals).isEmpty();
  }

  /** The volume of the owner's files. */
  String volume() {
    if (onVolume()) {
      return Homes.volume(domain.name(), owner.uid());
    }
    return Homes.home(domain.text("HomeEfsFileSystemId").orElseThrow(
        () -> new ComputeException("the domain has no file system for homes")), owner.uid());
  }

  /** The size of the volume of the owner's files; 0 for a home, which grows with its files as on AWS. */
  long volumeBytes() {
    return onVolume() ? Capacity.volumeBytes(Optional.of(settings.volumeGb())) : 0;
  }

  /** The ARN's resource part of an app of a profile or space. */
  static String resource(String domain, String owner, String type, String name) {
    return ("app/" + domain + "/" + owner + "/" + type + "/" + name).toLowerCase(Locale.ROOT);
  }

  /**
   * The place that a request names. Exactly one of profile and space is there.
   *
   * @throws Fault ValidationException: there is no such domain, profile or space
   */
  static AppPlace require(StudioStore store, Caller caller, String domainId, Optional<String> profile,
      Optional<String> space) {
    StudioResource domain = store.find(ResourceKind.DOMAIN.arn(caller, domainId))
        .orElseThrow(() -> Fault.validation("Domain [" + domainId + "] does not exist."));
    ResourceKind kind = space.isPresent() ? ResourceKind.SPACE : ResourceKind.USER_PROFILE;
    String name = domainId + "/" + space.or(() -> profile).orElseThrow();
    StudioResource owner = store.find(kind.arn(caller, name))
        .orElseThrow(() -> Fault.validation(kind.words() + " [" + name + "] does not exist."));
    return of(store, caller, domain, owner);
  }

  /** The place of an app; empty when its domain or owner is gone. */
  static Optional<AppPlace> of(StudioStore store, App app) {
    Caller caller = new Caller(app.account(), app.region(), new Identity.Root(), "");
    return store.find(app.domainArn())
        .flatMap(domain -> store.find(app.owner()).map(owner -> of(store, caller, domain, owner)));
  }

  /** The place of a profile or space; empty when it or its domain is gone. */
  static Optional<AppPlace> of(StudioStore store, Arn owner) {
    return store.find(owner).filter(found -> found.kind() == ResourceKind.USER_PROFILE
        || found.kind() == ResourceKind.SPACE).flatMap(found -> {
          Caller caller = new Caller(found.account(), found.region(), new Identity.Root(), "");
          return store.find(ResourceKind.DOMAIN.arn(caller, found.parent()))
              .map(domain -> of(store, caller, domain, found));
        });
  }

  private static AppPlace of(StudioStore store, Caller caller, StudioResource domain, StudioResource owner) {
    if (owner.kind() == ResourceKind.USER_PROFILE) {
      return new AppPlace(domain, owner, EffectiveSettings.ofProfile(domain.document(), owner.document()));
    }
    Optional<StudioResource> user = SpaceRules.owner(owner.document())
        .flatMap(name -> UserProfileApi.find(store, caller, domain.name(), name));
    return new AppPlace(domain, owner,
        EffectiveSettings.ofSpace(domain.document(), owner.document(), user.map(StudioResource::document)));
  }
}
