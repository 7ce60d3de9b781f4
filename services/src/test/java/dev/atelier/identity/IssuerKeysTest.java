package dev.atelier.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atelier.kernel.Fault;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class IssuerKeysTest {
  private final AtomicInteger asked = new AtomicInteger();

  @Test
  void manyWhoWaitForAnIssuerThatFailsAskItOnce() throws Exception {
    CountDownLatch answer = new CountDownLatch(1);
    IssuerKeys keys = new IssuerKeys((URI url, int most) -> {
      asked.incrementAndGet();
      try {
        answer.await();
      } catch (InterruptedException e) {
        throw new IOException(e);
      }
      throw new IOException("it hangs");
    }, Clock.systemUTC());
    List<Future<Object>> waiting = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 50; i++) {
        waiting.add(threads.submit(() -> keys.of("https://issuer", Optional.of("k"))));
      }
      answer.countDown();
    }
    for (Future<Object> each : waiting) {
      assertThatThrownBy(each::get).cause().isInstanceOfSatisfying(Fault.class,
          fault -> assertThat(fault.code()).isEqualTo("IDPCommunicationError"));
    }
    assertThat(asked).hasValue(1);
  }
}
