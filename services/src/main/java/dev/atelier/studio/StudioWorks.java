package dev.atelier.studio;

import dev.atelier.compute.ComputeException;
import dev.atelier.identity.Sessions;
import dev.atelier.kernel.Arn;
import dev.atelier.kernel.Caller;
import dev.atelier.kernel.Fault;
import dev.atelier.kernel.Identity;
import java.util.Optional;

/** What the resources of Studio stand for outside the database: folders of files, roles that trust, images that run. */
final class StudioWorks {
  private final StudioStore store;
  private final Homes homes;
  private final StudioImages images;
  private final Sessions sessions;

  StudioWorks(StudioStore store, Homes homes, StudioImages images, Sessions sessions) {
    this.store = store;
    this.homes = homes;
    this.images = images;
    this.sessions = sessions;
  }

  /** Tells the resources' lives what each kind needs. */
  void tell(ResourceLife life) {
    life.on(ResourceKind.DOMAIN, new DomainWorks());
    life.on(ResourceKind.USER_PROFILE, this::makeHome);
    life.on(ResourceKind.SPACE, new SpaceWorks());
    life.on(ResourceKind.IMAGE, image -> sessions.requireTrust(
        Arn.parse(image.text("RoleArn").orElseThrow()).orElseThrow(), "sagemaker.amazonaws.com", image.region()));
    life.on(ResourceKind.IMAGE_VERSION, version ->
        images.refusal(version.text("BaseImage").orElseThrow()).ifPresent(reason -> {
          throw new ComputeException(reason);
        }));
  }

  /** The domain's file system; deleted with it unless the domain has given it up. */
  private final class DomainWorks implements ResourceLife.Works {
    /** Homes are made with those who live in them. */
    @Override
    public void make(StudioResource domain) {}

    @Override
    public void remove(StudioResource domain) {
      homes.removeAll(domain.name());
      domain.text("HomeEfsFileSystemId").ifPresent(homes::removeAll);
    }
  }

  private void makeHome(StudioResource resource) {
    domain(resource).text("HomeEfsFileSystemId").ifPresent(id -> homes.make(Homes.home(id, resource.uid())));
  }

  private StudioResource domain(StudioResource inside) {
    Caller account = new Caller(inside.account(), inside.region(), new Identity.Root(), "");
    Optional<StudioResource> domain = store.find(ResourceKind.DOMAIN.arn(account, inside.parent()));
    return domain.orElseThrow(() -> Fault.validation("Domain [" + inside.parent() + "] does not exist."));
  }

  /** A volume of its own, which goes with the space, or a home, which stays. */
  private final class SpaceWorks implements ResourceLife.Works {
    @Override
    public void make(StudioResource space) {
      if (SpaceRules.onVolume(space.document())) {
        homes.make(Homes.volume(space.parent(), space.uid()));
      } else {
        makeHome(space);
      }
    }

    @Override
    public void remove(StudioResource space) {
      homes.remove(Homes.volume(space.parent(), space.uid()));
    }
  }
}
