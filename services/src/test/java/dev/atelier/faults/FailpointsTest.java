package dev.atelier.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atelier.compute.WorkloadId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Servers that die at named points of their jobs' lives, one after the other over one folder: no job is lost, none runs
 * twice, and all come to their end. {@code failpoints.kills} and {@code failpoints.seed} choose how many and which,
 * {@code failpoints.stuck} after how many seconds a job stands still.
 */
class FailpointsTest {
  private static final int KILLS = Integer.getInteger("failpoints.kills", 12);
  private static final long SEED = Long.getLong("failpoints.seed", 1);
  private static final Duration STUCK = Duration.ofSeconds(Integer.getInteger("failpoints.stuck", 60));
  private static final int JOBS = 5;
  private static final int MOST_PER_ROUND = 5;
  private static final int LATEST = 2;

  @TempDir Path root;
  private final Account account = new Account();
  private final Random random = new Random(SEED);
  private int kills;

  @Test
  void whatWasAcknowledgedOutlivesEveryKill() throws Exception {
    try (World world = new World(root)) {
      round(world, "first", 0);
      for (int round = 1; kills < KILLS; round++) {
        round(world, Integer.toString(round), 1 + random.nextInt(MOST_PER_ROUND));
      }
      world.chronicle().twice().forEach(each -> account.blame("duplicated", each + " was started twice"));
      world.chronicle().kills().forEach((point, count) -> System.out.println(count + " " + point));
      System.out.println("failpoints: kills=" + kills + " " + account + " seed=" + SEED);
      assertThat(account.all()).isEmpty();
      assertThat(world.chronicle().kills()).as("points at which servers died").hasSizeGreaterThan(Math.min(KILLS, 60) / 2);
    }
  }

  @Test
  void whatIsPlantedIsCounted() throws Exception {
    try (World world = new World(root)) {
      world.open(Optional.empty());
      Life plain = Lives.KINDS.getFirst().make(world, account, "planted");
      Set<WorkloadId> seen = new HashSet<>();
      while (!plain.ended()) {
        plain.step();
        world.backend().list().keySet().stream().filter(seen::add)
            .forEach(id -> world.backend().print(id, "algo-1", "line 0\n"));
        world.await();
      }
      plain.verify(plain.last());
      assertThat(account.of("duplicated")).singleElement().asString().contains("logged line 0 1 times too often");
      plain.expectStored("output/nobody/output/model.tar.gz");
      assertThat(account.of("lost")).hasSize(1);
    }
  }

  /** A few jobs from their creation to their end, with some servers that die. */
  private void round(World world, String name, int most) throws Exception {
    world.open(most > 0 ? target(world) : Optional.empty());
    List<Life> lives = new ArrayList<>();
    for (int i = 0; i < (most > 0 ? JOBS : Lives.KINDS.size()); i++) {
      int kind = most > 0 ? random.nextInt(Lives.KINDS.size()) : i;
      lives.add(Lives.KINDS.get(kind).make(world, account, name + "-" + i));
    }
    int died = 0;
    long since = System.nanoTime();
    while (!lives.stream().allMatch(Life::ended)) {
      if (world.diedAt().isPresent()) {
        died++;
        kills++;
        since = System.nanoTime();
        world.chronicle().killed(world.diedAt().get());
        world.bury();
        world.open(died < most ? target(world) : Optional.empty());
      }
      lives.stream().filter(life -> !life.ended()).forEach(Life::step);
      world.await();
      if (System.nanoTime() - since > STUCK.toNanos()) {
        lives.stream().filter(life -> !life.ended())
            .forEach(life -> account.blame("stuck", life.name + " at " + life.last()));
        break;
      }
    }
    settle(world);
    lives.stream().filter(Life::ended).forEach(life -> life.verify(life.last()));
    world.bury();
  }

  /** The point at which fewest died so far, of those that such jobs pass. */
  private Optional<Mortal.Target> target(World world) {
    List<String> points = world.chronicle().points();
    int rarest = Math.max(1, points.size() / 4);
    return Optional.of(new Mortal.Target(points.get(random.nextInt(rarest)), 1 + random.nextInt(LATEST)));
  }

  /** Lets the last server tidy up, which may still die: nothing of ended jobs may be left beside it. */
  private void settle(World world) throws Exception {
    do {
      if (world.diedAt().isPresent()) {
        kills++;
        world.chronicle().killed(world.diedAt().get());
        world.bury();
        world.open(Optional.empty());
      }
      long end = System.nanoTime() + Duration.ofSeconds(10).toNanos();
      while (world.diedAt().isEmpty() && !left(world).isEmpty() && System.nanoTime() < end) {
        world.await();
      }
      world.spare();
    } while (world.diedAt().isPresent());
    left(world).forEach(each -> account.blame("orphans", each));
  }

  private List<String> left(World world) throws IOException {
    List<String> left = new ArrayList<>();
    world.backend().list().keySet().forEach(id -> left.add("workload " + id + " of " + world.chronicle().job(id)));
    try (Stream<Path> staged = Files.list(root.resolve("run/staging"))) {
      staged.forEach(folder -> left.add("staged " + folder.getFileName()));
    }
    return left;
  }
}
