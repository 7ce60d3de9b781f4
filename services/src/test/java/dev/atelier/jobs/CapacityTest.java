package dev.atelier.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atelier.compute.Resources;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CapacityTest {
  private static final long GIB = 1L << 30;
  private static final String ENDPOINT = "arn:aws:sagemaker:us-east-1:123456789012:endpoint/idle";
  private static final String JOB = "arn:aws:sagemaker:us-east-1:123456789012:training-job/waits";

  private final List<String> began = new ArrayList<>();
  private final Capacity capacity = new Capacity(2, 12 * GIB, Capacity.Policy.DEFAULT);

  private static Resources of(int gib) {
    return new Resources(1, gib * GIB, 0, 100, GIB);
  }

  @Test
  void saysWhatIsWaitedForAndWhoHoldsIt() {
    assertThat(capacity.acquire(ENDPOINT + " of today", of(8), 1, () -> began.add("endpoint"))).isEmpty();
    assertThat(capacity.acquire(JOB, of(8), 1, () -> began.add("job"))).contains("Waiting for capacity: 8.0 GiB of memory"
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
  void keepsTheOrderOfArrival() {
    capacity.acquire(ENDPOINT, of(8), 1, () -> began.add("endpoint"));
    capacity.acquire(JOB, of(8), 1, () -> began.add("large"));
    assertThat(capacity.acquire("small", of(1), 1, () -> began.add("small"))).hasValueSatisfying(
        shortage -> assertThat(shortage).endsWith("; 1 came before"));
    assertThat(began).containsExactly("endpoint");
    capacity.release(JOB);
    assertThat(began).containsExactly("endpoint", "small");
  }

  @Test
  void aJobThatTakesAllThereIsRunsBesidePeople() {
    capacity.acquire("notebooks", Capacity.ofPeople(of(8)), 1, () -> began.add("notebooks"));
    assertThat(capacity.acquire(JOB, of(12), 1, () -> began.add("all"))).isEmpty();
    assertThat(capacity.acquire(ENDPOINT, of(1), 1, () -> began.add("endpoint"))).isPresent();
    assertThat(began).containsExactly("notebooks", "all");
  }
}
