package dev.atelier.server.apps;

import dev.atelier.entry.Access;
import dev.atelier.entry.Standing;
import dev.atelier.kernel.Arn;
import java.util.Optional;

/** Programs that presigned URLs lead to, as the way through to them sees them. */
public final class EnteredApps implements AppSide {
  private final Access access;

  public EnteredApps(Access access) {
    this.access = access;
  }

  @Override
  public Optional<Entry> redeem(String app, String presigned) {
    return access.enter(app, presigned)
        .map(entered -> new Entry(entered.token(), entered.life().toSeconds(), entered.landing()));
  }

  @Override
  public void used(Arn program) {
    access.used(program);
  }

  @Override
  public Optional<Standing> standing(String app, String token) {
    return access.standing(app, token);
  }
}
