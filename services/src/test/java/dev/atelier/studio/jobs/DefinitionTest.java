package dev.atelier.studio.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atelier.kernel.Arn;
import dev.atelier.studio.jobs.Definition.Due;
import dev.atelier.studio.jobs.Work.KmsKeys;
import dev.atelier.studio.jobs.Work.Vpc;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DefinitionTest {
  private static final Instant START = Instant.parse("2026-11-21T23:15:30Z");
  private static final Arn OWNER =
      Arn.parse("arn:aws:sagemaker:us-east-1:123456789012:user-profile/d-1/ann").orElseThrow();
  private static final Work WORK = new Work("nightly", "a/work.ipynb", "ml.m5.large", "", "python", "python3", Map.of(),
      Map.of(), "role", "s3://in", "s3://out", "", "", new KmsKeys("", ""), new Vpc(List.of(), List.of()), "s3://in/1");

  private static Definition every(String schedule) {
    return new Definition("one", OWNER, WORK, schedule, true, START, Schedule.parse(schedule).next(START, START), START,
        START);
  }

  @Test
  void nothingRunsBeforeItIsDueAndOnceWhenItIs() {
    Definition hourly = every("cron(0 * * * ? *)");
    assertThat(hourly.decide(START)).isEmpty();
    assertThat(hourly.decide(Instant.parse("2026-11-21T23:59:59.999Z"))).isEmpty();
    Due due = hourly.decide(Instant.parse("2026-11-22T00:00:00Z")).orElseThrow();
    assertThat(due.run().definition()).isEqualTo("one");
    assertThat(due.run().status()).isEqualTo(NotebookJob.Status.PENDING);
    assertThat(due.after().nextAt()).contains(Instant.parse("2026-11-22T01:00:00Z"));
    assertThat(due.after().decide(Instant.parse("2026-11-22T00:00:01Z"))).isEmpty();
  }

  @Test
  void whatWasMissedIsMadeUpForByOneRun() {
    Instant later = Instant.parse("2026-11-25T10:30:00Z");
    Due due = every("cron(0 * * * ? *)").decide(later).orElseThrow();
    assertThat(due.after().nextAt()).contains(Instant.parse("2026-11-25T11:00:00Z"));
    assertThat(due.after().decide(later)).isEmpty();
  }

  @Test
  void aPausedOneRunsNothingAndMakesUpForNothing() {
    Definition paused = every("rate(1 minute)").scheduled(WORK, "rate(1 minute)", false, START);
    assertThat(paused.decide(START.plusSeconds(3600))).isEmpty();
    Instant resumed = START.plusSeconds(3600);
    assertThat(paused.scheduled(WORK, "rate(1 minute)", true, resumed).nextAt()).contains(resumed.plusSeconds(60));
  }

  @Test
  void aRunThatIsDecidedTwiceHasOneName() {
    // a server that was killed before it wrote decides again
    Definition hourly = every("cron(0 * * * ? *)");
    Instant one = Instant.parse("2026-11-22T00:00:00Z");
    assertThat(hourly.decide(one.plusSeconds(7)).orElseThrow().run().trainingJob())
        .isEqualTo(hourly.decide(one).orElseThrow().run().trainingJob()).matches("nightly-[0-9a-f]{12}");
  }

  @Test
  void whateverHappensRunsAreNeverEarlyNeverTwoOfATimeAndNeverMissedFromThenOn() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int round = 0; round < 200; round++) {
      String schedule = List.of("rate(1 minute)", "rate(7 hours)", "cron(0/10 * * * ? *)", "cron(0 8 ? * MON-FRI *)")
          .get(random.nextInt(4));
      Definition now = every(schedule);
      Set<String> names = new HashSet<>();
      Instant at = START;
      for (int step = 0; step < 30; step++) {
        at = at.plusMillis(random.nextLong(random.nextBoolean() ? 90_000 : 200_000_000));
        Optional<Due> due = now.decide(at);
        assertThat(due.isPresent()).as("seed %d", seed).isEqualTo(!now.nextAt().orElseThrow().isAfter(at));
        if (due.isPresent()) {
          assertThat(names.add(due.get().run().id())).as("seed %d", seed).isTrue();
          now = due.get().after();
        }
        assertThat(now.nextAt().orElseThrow()).as("seed %d", seed).isAfter(at);
      }
    }
  }

  @Test
  void aTrainingJobsNameFitsWhateverTheWorkIsCalled() {
    Work longest = new Work("a".repeat(62) + "b", "w.ipynb", "", "", "", "", Map.of(), Map.of(), "", "", "", "", "",
        new KmsKeys("", ""), new Vpc(List.of(), List.of()), "");
    assertThat(NotebookJob.fresh("0123456789ab", OWNER, "", longest, START).trainingJob())
        .matches("[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}");
    assertThat(Work.ofJson(longest.toJson())).isEqualTo(longest);
  }
}
