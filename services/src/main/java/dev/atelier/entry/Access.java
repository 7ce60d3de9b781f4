package dev.atelier.entry;

import dev.atelier.kernel.Arn;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** How browsers come to programs: by a session that a presigned URL began, and for as long as it lasts. */
public final class Access {
  private final Entries entries;
  private final List<Programs> kinds;

  public Access(Entries entries, List<Programs> kinds) {
    this.entries = entries;
    this.kinds = List.copyOf(kinds);
  }

  /** A session that began. @param landing the path that is shown first */
  public record Entered(String token, Duration life, String landing) {
    @Override
    public String toString() {
      return "Entered[" + life + ", " + landing + "]";
    }
  }

  /** Begins a session with what a presigned URL holds; empty when that is not good at this host. */
  public Optional<Entered> enter(String label, String presigned) {
    return entries.redeem(label, presigned).map(session -> {
      Arn.parse(session.target().program()).ifPresent(arn -> programs(arn).ifPresent(kind -> kind.entered(arn)));
      return new Entered(session.token(), session.life(), session.target().landing());
    });
  }

  /** Where the program of a host stands; empty when the token is of no session with it. */
  public Optional<Standing> standing(String label, String token) {
    return entries.target(label, token).flatMap(target -> Arn.parse(target.program())
        .flatMap(arn -> programs(arn).map(kind -> kind.standing(arn)))
        .map(standing -> standing instanceof Standing.Ready ready ? ready.by(target.person()) : standing));
  }

  /** Somebody with a session changed something in a program. */
  public void used(Arn program) {
    programs(program).ifPresent(kind -> kind.used(program));
  }

  private Optional<Programs> programs(Arn arn) {
    return kinds.stream().filter(kind -> kind.are(arn)).findFirst();
  }
}
