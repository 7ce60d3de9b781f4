package dev.atelier.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import dev.atelier.kernel.Fault;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class IssuerKeysTest {
  private static final String ISSUER = "https://issuer";

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
        waiting.add(threads.submit(() -> keys.of(ISSUER, Optional.of("k"))));
      }
      answer.countDown();
    }
    for (Future<Object> each : waiting) {
      assertThatThrownBy(each::get).cause().isInstanceOfSatisfying(Fault.class,
          fault -> assertThat(fault.code()).isEqualTo("IDPCommunicationError"));
    }
    assertThat(asked).hasValue(1);
  }

  @Test
  void aFailedReadingRefusesNobodyWhoseKeyIsKnown() throws Exception {
    Hand clock = new Hand();
    FakeIssuer issuer = new FakeIssuer("a");
    IssuerKeys keys = new IssuerKeys(issuer, clock);
    assertThat(keys.of(ISSUER, Optional.of("a")).getKeyByKeyId("a")).isNotNull();
    issuer.fails = true;
    clock.pass(Duration.ofSeconds(21));
    assertThatThrownBy(() -> keys.of(ISSUER, Optional.of("made-up"))).hasMessageContaining("a blip");
    assertThat(keys.of(ISSUER, Optional.of("a")).getKeyByKeyId("a")).isNotNull();
    clock.pass(Duration.ofMinutes(6));
    int before = issuer.asked.get();
    assertThat(keys.of(ISSUER, Optional.of("a")).getKeyByKeyId("a")).isNotNull();
    assertThat(issuer.asked.get()).as("old keys are read anew").isGreaterThan(before);
    clock.pass(Duration.ofHours(1));
    assertThatThrownBy(() -> keys.of(ISSUER, Optional.of("a"))).as("not for ever").hasMessageContaining("a blip");
    issuer.fails = false;
    clock.pass(Duration.ofSeconds(21));
    assertThat(keys.of(ISSUER, Optional.of("a")).getKeyByKeyId("a")).isNotNull();
  }

  @Test
  void whoHasAKeyDoesNotWaitForAnothersReading() throws Exception {
    Hand clock = new Hand();
    FakeIssuer issuer = new FakeIssuer("a");
    IssuerKeys keys = new IssuerKeys(issuer, clock);
    keys.of(ISSUER, Optional.of("a"));
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Duration pause : List.of(Duration.ofSeconds(21), Duration.ofMinutes(6))) {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        issuer.before = () -> {
          begun.countDown();
          end.await();
        };
        clock.pass(pause);
        Future<?> reading = threads.submit(() -> keys.of(ISSUER, Optional.of("made-up")));
        begun.await();
        Future<JWKSet> known = threads.submit(() -> keys.of(ISSUER, Optional.of("a")));
        try {
          assertThat(known.get(10, TimeUnit.SECONDS).getKeyByKeyId("a")).as("after " + pause).isNotNull();
        } catch (TimeoutException waits) {
          throw new AssertionError("it waits after " + pause, waits);
        } finally {
          end.countDown();
        }
        reading.get(10, TimeUnit.SECONDS);
      }
    }
  }

  /** A clock that moves by hand. */
  private static final class Hand extends Clock {
    private volatile Instant now = Instant.parse("2026-01-01T00:00:00Z");

    void pass(Duration time) {
      now = now.plus(time);
    }

    @Override
    public Instant instant() {
      return now;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }

  private interface Step {
    void take() throws InterruptedException;
  }

  /** An issuer with one key. */
  private static final class FakeIssuer implements Outbound {
    private final AtomicInteger asked = new AtomicInteger();
    private final String keys;
    private volatile boolean fails;
    private volatile Step before = () -> {};

    FakeIssuer(String keyId) throws JOSEException {
      keys = new JWKSet(new RSAKeyGenerator(2048).keyID(keyId).generate()).toString();
    }

    @Override
    public byte[] get(URI url, int mostBytes) throws IOException {
      asked.incrementAndGet();
      try {
        before.take();
      } catch (InterruptedException e) {
        throw new IOException(e);
      }
      if (fails) {
        throw new IOException("a blip");
      }
      String answer = url.getPath().equals("/keys") ? keys
          : "{\"issuer\": \"" + ISSUER + "\", \"jwks_uri\": \"" + ISSUER + "/keys\"}";
      return answer.getBytes(StandardCharsets.UTF_8);
    }
  }
}
