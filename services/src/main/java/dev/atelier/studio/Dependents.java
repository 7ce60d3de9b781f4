package dev.atelier.studio;

import dev.atelier.kernel.Fault;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jdbi.v3.core.Handle;

/** What stands in the way of a deletion or a change, in AWS's words; checked in the transaction that makes it. */
final class Dependents {
  private Dependents() {}

  /** Nothing may be in a domain that is deleted; apps that ended do not count. */
  static void refuseDomain(Handle tx, StudioResource domain) {
    refuseApps(tx, "delete", domain);
    for (ResourceKind kind : new ResourceKind[] {ResourceKind.USER_PROFILE, ResourceKind.SPACE}) {
      refuse(count(tx, "select count(*) from studio_resource where kind = '" + kind.arnType()
          + "' and account = :account and region = :region and parent = :name", domain), "delete", domain,
          kind.words());
    }
  }

  /** A profile that is deleted has no apps and owns no spaces. */
  static void refuseProfile(Handle tx, StudioResource profile) {
    refuseApps(tx, "delete", profile);
    int spaces = tx.createQuery("""
            select count(*) from studio_resource where kind = 'space' and account = :account and region = :region
              and parent = :domain and lower(document) like :owner""")
        .bind("account", profile.account().value()).bind("region", profile.region().name())
        .bind("domain", profile.parent())
        .bind("owner", "%\"owneruserprofilename\":\"" + profile.name().toLowerCase(Locale.ROOT) + "\"%")
        .mapTo(Integer.class).one();
    refuse(spaces, "delete", profile, ResourceKind.SPACE.words());
  }

  /** Throws ResourceInUse when apps of a domain, profile or space are there that have not ended. */
  static void refuseApps(Handle tx, String doing, StudioResource resource) {
    refuse(count(tx, """
        select count(*) from studio_app where (owner = :arn or domain_arn = :arn)
          and state not in ('DELETED', 'FAILED')""", resource), doing, resource, "App");
  }

  /** Throws ResourceInUse when settings of a domain, profile or space, or an app, name a configuration or an image. */
  static void refuseNamed(Handle tx, StudioResource resource) {
    for (String text : namings(resource)) {
      for (ResourceKind kind : new ResourceKind[] {ResourceKind.DOMAIN, ResourceKind.USER_PROFILE,
          ResourceKind.SPACE}) {
        refuse(naming(tx, "select count(*) from studio_resource where kind = '" + kind.arnType()
            + "' and account = :account and region = :region and lower(document) like :text", resource, text),
            "delete", resource, kind.words());
      }
      refuse(naming(tx, """
          select count(*) from studio_app where account = :account and region = :region
            and state not in ('DELETED', 'FAILED') and lower(spec) like :text""", resource, text),
          "delete", resource, "App");
    }
  }

  /** How documents name it: by its ARN, or as a custom image. */
  private static List<String> namings(StudioResource resource) {
    String arn = "\"" + resource.arn() + "\"";
    return switch (resource.kind()) {
      case IMAGE -> List.of(arn, custom(resource.name()));
      case IMAGE_VERSION ->
          List.of(arn, custom(resource.parent()) + ",\"imageversionnumber\":" + resource.number() + ",");
      default -> List.of(arn);
    };
  }

  private static String custom(String image) {
    return "\"imagename\":\"" + image.toLowerCase(Locale.ROOT) + "\"";
  }

  private static int naming(Handle tx, String sql, StudioResource resource, String text) {
    return tx.createQuery(sql).bind("account", resource.account().value())
        .bind("region", resource.region().name()).bind("text", "%" + text + "%").mapTo(Integer.class).one();
  }

  private static int count(Handle tx, String sql, StudioResource resource) {
    return tx.createQuery(sql).bindMap(Map.of("arn", resource.arn().toString(),
            "account", resource.account().value(), "region", resource.region().name(), "name", resource.name()))
        .mapTo(Integer.class).one();
  }

  private static void refuse(int count, String doing, StudioResource resource, String what) {
    if (count > 0) {
      throw Fault.resourceInUse("Unable to " + doing + " " + resource.kind().words() + " [" + resource.arn()
          + "] because " + what + "(s) are associated with it.");
    }
  }
}
