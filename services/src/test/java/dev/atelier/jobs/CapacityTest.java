package dev.atelier.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atelier.compute.Resources;
import dev.atelier.kernel.Fault;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class CapacityTest {
  private static final long GIB = 1L << 30;
  private static final String ENDPOINT = "arn:aws:sagemaker:us-east-1:123456789012:endpoint/idle";
  private static final String JOB = "arn:aws:sagemaker:us-east-1:123456789012:training-job/waits";

  private final List<String> began = new ArrayList<>();
  private final List<String> told = new ArrayList<>();
  private final AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
  private final Capacity capacity = new Capacity(new Capacity.Machine(2, 12 * GIB, 0), Capacity.Policy.DEFAULT,
      ((InstantSource) now::get).withZone(ZoneOffset.UTC));

  private static Resources of(int gib) {
    return new Resources(1, gib * GIB, 0, 100, GIB);
  }

  @Test
  void saysWhatIsWaitedForAndWhoHoldsIt() {
    assertThat(capacity.acquire(ENDPOINT + " of today", of(8), 1, () -> began.add("endpoint"))).isEmpty();
    assertThat(capacity.acquire(JOB, of(8), 1, () -> began.add("job"))).contains("Waiting for capacity, 1 of 1 in line: 8.0 GiB of memory"
        + " and 1.0 CPUs are asked for; of 12.0 GiB and 4.0 CPUs to give out, 8.0 GiB and 1.0 CPUs are held by"
        + " endpoint/idle");
    assertThat(began).containsExactly("endpoint");
    capacity.release(ENDPOINT + " of today");
    assertThat(began).containsExactly("endpoint", "job");
  }

  @Test
  void saysWhatAMachineNeverHas() {
    InstanceType gpu = InstanceType.require("ml.g4dn.xlarge");
    InstanceType large = InstanceType.require("ml.m5.24xlarge");
    assertThat(capacity.lack(gpu, 1)).contains(Capacity.Lack.GPU);
    assertThat(capacity.lack(large, 1)).isEmpty();
    Capacity strict = new Capacity(2, 12 * GIB, new Capacity.Policy(true, Capacity.GpuAbsent.WAIT));
    assertThat(strict.lack(gpu, 1)).contains(Capacity.Lack.GPU);
    assertThat(strict.lack(large, 1)).contains(Capacity.Lack.ROOM);
    assertThatThrownBy(() -> strict.require(large, 1)).hasMessageContaining("larger than this machine");
    assertThat(new Capacity(2, 12 * GIB, new Capacity.Policy(false, Capacity.GpuAbsent.CPU)).lack(gpu, 1)).isEmpty();
  }

  @Test
  void instancesThatFindNoRoomHoweverSmallAreRefused() {
    capacity.requireHosts("training", 96);
    assertThatThrownBy(() -> capacity.requireHosts("training", 97))
        .isInstanceOfSatisfying(Fault.class, fault -> assertThat(fault.code()).isEqualTo("ResourceLimitExceeded"))
        .hasMessage("The account-level service limit 'Maximum number of instances per training job' is 96 Instances, "
            + "with current utilization of 0 Instances and a request delta of 97 Instances. This machine has no room "
            + "for more.");
    Capacity large = new Capacity(64, 1024 * GIB, Capacity.Policy.DEFAULT);
    large.requireHosts("processing", 250);
    assertThatThrownBy(() -> large.requireHosts("processing", 251)).hasMessageContaining("processing job' is 250 ");
    new Capacity(1, GIB / 16, Capacity.Policy.DEFAULT).requireHosts("training", 1);
  }

  @Test
  void givesGpusOutAsWholeDevices() {
    Capacity two = new Capacity(new Capacity.Machine(16, 256 * GIB, 2), Capacity.Policy.DEFAULT, Clock.systemUTC());
    InstanceType one = InstanceType.require("ml.g4dn.xlarge");
    InstanceType eight = InstanceType.require("ml.p3.16xlarge");
    assertThat(two.cut(one, 1, GIB).each().gpus()).isEqualTo(1);
    assertThat(two.cut(one, 2, GIB).each().gpus()).isEqualTo(1);
    assertThat(two.cut(eight, 1, GIB)).matches(cut -> cut.capped() && cut.each().gpus() == 2);
    assertThat(two.cut(InstanceType.require("ml.m5.large"), 1, GIB).each().gpus()).isZero();
    assertThat(two.lack(one, 1)).isEmpty();
    assertThatThrownBy(() -> two.require(one, 3)).hasMessageContaining("this machine has 2 for 3 instances");
    assertThatThrownBy(() -> two.require(InstanceType.require("ml.trn1.2xlarge"), 1)).hasMessageContaining("CapacityError");
    List<String> ran = new ArrayList<>();
    assertThat(two.acquire("notebook", Capacity.ofPeople(two.cut(one, 1, GIB).each()), 1, () -> ran.add("notebook"))).isEmpty();
    Claim both = Claim.job("both", "ann", 0, List.of(two.cut(eight, 1, GIB).each()));
    assertThat(two.acquire(both, () -> ran.add("both"), told::add)).get().asString()
        .contains("and 2 GPUs are asked for; of").contains("and 1 GPUs are held by notebook");
    two.acquire(Claim.job("other", "ann", 0, List.of(two.cut(one, 1, GIB).each())), () -> ran.add("other"), told::add);
    assertThat(ran).containsExactly("notebook", "other");
    two.release("other");
    two.release("notebook");
    assertThat(ran).containsExactly("notebook", "other", "both");
  }

  private void ask(String owner, String user, int priority, int gib) {
    capacity.acquire(Claim.job(owner, user, priority, List.of(of(gib))), () -> began.add(owner), told::add);
  }

  @Test
  void keepsTheOrderOfArrivalAmongEquals() {
    ask("first", "ann", 0, 12);
    ask("second", "ann", 0, 8);
    ask("third", "ann", 0, 8);
    capacity.release("first");
    assertThat(began).containsExactly("first", "second");
    capacity.release("second");
    assertThat(began).containsExactly("first", "second", "third");
  }

  @Test
  void aPlaceInLineIsGivenUp() {
    ask("first", "ann", 0, 12);
    ask("second", "ann", 0, 12);
    ask("third", "ann", 0, 12);
    capacity.release("second");
    capacity.release("first");
    assertThat(began).containsExactly("first", "third");
  }

  @Test
  void theUserWhoHasLeastGoesFirstAndPriorityBeforeThat() {
    ask("ann-1", "ann", 0, 6);
    ask("bob-1", "bob", 0, 5);
    ask("ann-2", "ann", 0, 6);
    ask("bob-2", "bob", 0, 6);
    ask("eve-1", "eve", 0, 6);
    ask("ann-3", "ann", 7, 6);
    capacity.release("bob-1");
    assertThat(began).containsExactly("ann-1", "bob-1", "ann-3");
    capacity.release("ann-3");
    capacity.release("bob-2");
    assertThat(began.subList(3, began.size())).containsExactly("bob-2", "eve-1");
    capacity.release("eve-1");
    assertThat(began.getLast()).isEqualTo("ann-2");
  }

  @Test
  void smallClaimsPassALargeOneButNotForEver() {
    ask("first", "ann", 0, 6);
    ask("large", "ann", 0, 12);
    ask("small-1", "ann", 0, 3);
    assertThat(began).containsExactly("first", "small-1");
    now.set(now.get().plus(Duration.ofMinutes(11)));
    ask("small-2", "ann", 0, 3);
    capacity.release("small-1");
    capacity.release("first");
    assertThat(began).containsExactly("first", "small-1", "large");
  }

  @Test
  void whatCannotFitBesideAnEndpointKeepsNobodyElseWaiting() {
    capacity.acquire(ENDPOINT, of(8), 1, () -> began.add("endpoint"));
    ask("large", "ann", 0, 12);
    now.set(now.get().plus(Duration.ofMinutes(11)));
    ask("small", "ann", 0, 3);
    assertThat(began).containsExactly("endpoint", "small");
  }

  @Test
  void tellsWhoMovedInTheLineAndHowLongItMayTake() {
    ask("first", "ann", 0, 12);
    ask("second", "ann", 0, 12);
    ask("third", "ann", 0, 12);
    capacity.renew();
    assertThat(told).singleElement().asString().contains("1 of 2 in line");
    capacity.renew();
    told.clear();
    now.set(now.get().plus(Duration.ofSeconds(40)));
    capacity.release("first");
    capacity.renew();
    assertThat(told).hasSize(1);
    assertThat(told.getFirst()).startsWith("Waiting for capacity, 1 of 1 in line, about 40 seconds: ");
  }

  @Test
  void keptRoomIsTakenUpOrGivesWay() {
    ask("first", "ann", 0, 12);
    capacity.keep("first", "pool", () -> began.add("pool is gone"));
    assertThat(capacity.take("pool", Claim.job("next", "ann", 0, List.of(of(12))))).isTrue();
    capacity.keep("next", "pool", () -> began.add("pool is gone"));
    ask("other", "bob", 0, 6);
    assertThat(began).containsExactly("first", "pool is gone", "other");
    assertThat(capacity.take("pool", Claim.job("late", "ann", 0, List.of(of(12))))).isFalse();
  }

  @Test
  void whoWaitsTakesUpRoomOfItsPoolInItsTurn() {
    Claim waits = Claim.job("waits", "ann", 0, List.of(of(12))).in("alike");
    capacity.acquire(Claim.job("first", "ann", 0, List.of(of(12))).in("alike"), () -> began.add("first"), told::add);
    capacity.acquire(waits, () -> began.add("waits"), told::add);
    ask("later", "ann", 0, 12);
    capacity.keep("first", "pool", () -> began.add("pool is gone"));
    assertThat(began).containsExactly("first", "waits");
    capacity.keep("waits", "pool", () -> began.add("pool is gone"));
    assertThat(began).containsExactly("first", "waits", "pool is gone", "later");
  }

  @Test
  void whoHasRoomAndTakesUpMoreGivesItsOwnBack() {
    ask("kept", "ann", 0, 4);
    capacity.keep("kept", "pool", () -> began.add("pool is gone"));
    ask("owner", "ann", 0, 4);
    capacity.acquire(ENDPOINT, of(4), 1, () -> began.add("endpoint"));
    capacity.keep("owner", "another pool", () -> began.add("another is gone"));
    assertThat(capacity.take("another pool", Claim.job("owner", "ann", 0, List.of(of(4))))).isTrue();
    assertThat(capacity.take("pool", Claim.job("owner", "ann", 0, List.of(of(4))))).isTrue();
    ask("fits", "bob", 0, 4);
    assertThat(began).containsExactly("kept", "owner", "endpoint", "fits");
  }

  @Test
  void aJobThatTakesAllThereIsRunsBesidePeople() {
    capacity.acquire("notebooks", Capacity.ofPeople(of(8)), 1, () -> began.add("notebooks"));
    assertThat(capacity.acquire(JOB, of(12), 1, () -> began.add("all"))).isEmpty();
    assertThat(capacity.acquire(ENDPOINT, of(1), 1, () -> began.add("endpoint"))).isPresent();
    assertThat(began).containsExactly("notebooks", "all");
  }
}
