package dev.atelier.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class PatienceTest {

  @Test
  void whoDoesNotAnswerIsHungUpOn() throws Exception {
    CountDownLatch silent = new CountDownLatch(1);
    CountDownLatch talking = new CountDownLatch(1);
    Patience patience = new Patience(talking::countDown, Duration.ofSeconds(1));
    patience.answered();
    new Patience(silent::countDown, Duration.ofSeconds(2));
    assertThat(silent.await(30, TimeUnit.SECONDS)).isTrue();
    assertThat(talking.getCount()).as("its time was over before").isEqualTo(1);
  }
}
