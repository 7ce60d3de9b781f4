package dev.atelier.server.apps;

import dev.atelier.studio.AppAccess;
import java.util.Optional;

/** Studio's apps, as the way through to them sees them. */
public final class StudioApps implements AppSide {
  private final AppAccess access;

  public StudioApps(AppAccess access) {
    this.access = access;
  }

  @Override
  public Optional<Entry> redeem(String app, String presigned) {
    return access.enter(app, presigned)
        .map(entered -> new Entry(entered.token(), entered.life().toSeconds(), entered.landing()));
  }

  @Override
  public Optional<Standing> standing(String app, String token) {
    return access.standing(app, token).map(standing -> switch (standing) {
      case AppAccess.Standing.Ready ready -> new Standing.Ready(new AppRoute(ready.socket(), ready.token()));
      case AppAccess.Standing.Starting starting -> new Standing.Starting(starting.phase());
      case AppAccess.Standing.Ended ended -> new Standing.Ended(ended.reason());
    });
  }
}
