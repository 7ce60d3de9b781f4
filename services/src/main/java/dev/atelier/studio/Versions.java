package dev.atelier.studio;

import dev.atelier.kernel.Arn;
import dev.atelier.kernel.Fault;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** Finds versions of images by number, alias, or as the latest. */
final class Versions {
  private static final String OF_IMAGE = """
      select * from studio_resource where kind = 'image-version' and account = :account and region = :region
        and lower(parent) = lower(:name)""";

  private Versions() {}

  /** The version of the highest number that was made. */
  static Optional<StudioResource> latest(StudioStore store, StudioResource image) {
    return store.rows().read(tx -> tx.createQuery(OF_IMAGE + " order by (state = 'FAILED'), number desc limit 1")
        .bind("account", image.account().value()).bind("region", image.region().name()).bind("name", image.name())
        .map((row, context) -> StudioStore.resource(row)).findOne());
  }

  static Optional<StudioResource> byAlias(StudioStore store, StudioResource image, String alias) {
    return store.rows().read(tx -> tx.createQuery("""
            select studio_resource.* from studio_alias join studio_resource on arn = studio_alias.version
            where image = :image and alias = :alias""")
        .bind("image", image.arn().toString()).bind("alias", alias)
        .map((row, context) -> StudioStore.resource(row)).findOne());
  }

  /** The version that a client's token made. */
  static Optional<StudioResource> byToken(StudioStore store, StudioResource image, String token) {
    return store.rows().read(tx -> tx.createQuery(OF_IMAGE + " and token = :token")
        .bind("account", image.account().value()).bind("region", image.region().name()).bind("name", image.name())
        .bind("token", token).map((row, context) -> StudioStore.resource(row)).findOne());
  }

  /** Names a version. Throws ResourceInUse when another version of the image has one of the names. */
  static void point(Handle tx, Arn image, Arn version, List<String> aliases, long now) {
    for (String alias : aliases) {
      tx.createUpdate("insert into studio_alias values (:image, :alias, :version, :now) on conflict do nothing")
          .bind("image", image.toString()).bind("alias", alias).bind("version", version.toString()).bind("now", now)
          .execute();
      String holder = tx.createQuery("select version from studio_alias where image = :image and alias = :alias")
          .bind("image", image.toString()).bind("alias", alias).mapTo(String.class).one();
      if (!holder.equals(version.toString())) {
        throw Fault.resourceInUse("The alias " + alias + " is already in use by " + holder + ".");
      }
    }
  }

  /** Takes aliases from a version; false when it does not have one of them. */
  static boolean unpoint(Handle tx, Arn version, List<String> aliases) {
    return aliases.stream().allMatch(alias -> tx.createUpdate(
            "delete from studio_alias where version = :version and alias = :alias")
        .bind("version", version.toString()).bind("alias", alias).execute() == 1);
  }
}
