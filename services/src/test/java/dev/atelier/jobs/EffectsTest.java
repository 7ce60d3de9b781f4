package dev.atelier.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atelier.compute.ComputeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class EffectsTest {

  @Test
  void whatMustBeDoneIsTriedUntilItIs() throws Exception {
    AtomicInteger tries = new AtomicInteger();
    CountDownLatch done = new CountDownLatch(1);
    try (Effects effects = new Effects("test-timer")) {
      effects.untilDone("work", () -> {
        if (tries.incrementAndGet() < 3) {
          throw new ComputeException("not yet");
        }
        done.countDown();
      });
      assertThat(done.await(20, TimeUnit.SECONDS)).isTrue();
    }
    assertThat(tries).hasValue(3);
  }

  @Test
  void whatFailsIsToldUnlessTheServerCloses() {
    List<String> told = new ArrayList<>();
    Effects effects = new Effects("test-timer");
    RuntimeException failure = new ComputeException("no such file");
    effects.guard("work", () -> {
      throw failure;
    }, e -> told.add(e.getMessage()));
    assertThat(told).containsExactly("no such file");
    effects.close();
    effects.guard("work", () -> {
      throw failure;
    }, e -> told.add(e.getMessage()));
    effects.begin("work", () -> told.add("begun"), e -> told.add(e.getMessage()));
    effects.after(Duration.ZERO, () -> told.add("begun later"));
    effects.untilDone("work", () -> {
      told.add("tried");
      throw failure;
    });
    assertThat(told).containsExactly("no such file", "tried");
  }
}
