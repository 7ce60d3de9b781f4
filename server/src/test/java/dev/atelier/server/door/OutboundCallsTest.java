package dev.atelier.server.door;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atelier.server.config.ConfigException;
import dev.atelier.server.tls.OutboundTrust;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the server's own calls reach, believe and put up with. */
final class OutboundCallsTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  @TempDir Path folder;
  private LoopbackHttps host;

  @BeforeEach
  void serve() throws Exception {
    host = new LoopbackHttps(folder.resolve("host"));
  }

  @AfterEach
  void close() {
    host.close();
  }

  private OutboundCalls calls(List<String> allowed, Duration patience) throws Exception {
    return new OutboundCalls(new Egress(Egress.Mode.INTERNET, allowed, Set.of()),
        OutboundTrust.of(List.of(host.authority().toString())), patience);
  }

  private URI at(String path) {
    return URI.create(host.url() + path);
  }

  @Test
  void readsWhatAnAllowedHostAnswers() throws Exception {
    host.on("/keys", LoopbackHttps.text(200, "{}"));
    try (OutboundCalls calls = calls(List.of("localhost"), PATIENCE)) {
      assertThat(new String(calls.get(at("/keys"), 2), StandardCharsets.UTF_8)).isEqualTo("{}");
    }
  }

  @Test
  void reachesNoLoopbackUnlessItIsAllowed() throws Exception {
    AtomicInteger asked = new AtomicInteger();
    host.on("/", exchange -> {
      asked.incrementAndGet();
      LoopbackHttps.text(200, "inside").handle(exchange);
    });
    int port = at("").getPort();
    try (OutboundCalls calls = calls(List.of(), PATIENCE)) {
      for (String name : List.of("localhost", "127.0.0.1", "[::1]", "127.1", "2130706433", "0.0.0.0", "10.0.0.1",
          "169.254.169.254", "[::ffff:127.0.0.1]")) {
        assertThatThrownBy(() -> calls.get(URI.create("https://" + name + ":" + port + "/"), 100))
            .as(name).isInstanceOf(IOException.class);
      }
    }
    assertThat(asked).hasValue(0);
  }

  @Test
  void callsNothingButHttps() throws Exception {
    try (OutboundCalls calls = calls(List.of("localhost"), PATIENCE)) {
      for (String url : List.of("http://localhost/", "file:///etc/passwd", "ftp://localhost/", "", "//localhost/",
          "https:///x", "https://user@localhost/")) {
        assertThatThrownBy(() -> calls.get(URI.create(url), 100)).as(url).isInstanceOf(IOException.class)
            .hasMessage("not an https address");
      }
    }
  }

  @Test
  void followsNoRedirect() throws Exception {
    AtomicInteger asked = new AtomicInteger();
    host.on("/there", exchange -> asked.incrementAndGet());
    host.on("/here", exchange -> {
      exchange.getResponseHeaders().add("Location", host.url() + "/there");
      LoopbackHttps.text(302, "").handle(exchange);
    });
    try (OutboundCalls calls = calls(List.of("localhost"), PATIENCE)) {
      assertThatThrownBy(() -> calls.get(at("/here"), 100)).isInstanceOf(IOException.class).hasMessageContaining("302");
    }
    assertThat(asked).hasValue(0);
  }

  @Test
  void refusesALongAnswerWhetherItsLengthIsToldOrNot() throws Exception {
    host.on("/told", LoopbackHttps.text(200, "x".repeat(1_001)));
    host.on("/untold", exchange -> {
      exchange.sendResponseHeaders(200, 0);
      for (int i = 0; i < 1_001; i++) {
        exchange.getResponseBody().write('x');
      }
      exchange.close();
    });
    try (OutboundCalls calls = calls(List.of("localhost"), PATIENCE)) {
      assertThatThrownBy(() -> calls.get(at("/told"), 1_000)).isInstanceOf(IOException.class);
      assertThatThrownBy(() -> calls.get(at("/untold"), 1_000)).isInstanceOf(IOException.class);
    }
  }

  @Test
  void waitsNoLongerThanItsPatience() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch over = new CountDownLatch(1);
    host.on("/slow", exchange -> {
      exchange.sendResponseHeaders(200, 0);
      exchange.getResponseBody().write('x');
      exchange.getResponseBody().flush();
      asked.countDown();
      try {
        over.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      exchange.close();
    });
    try (OutboundCalls calls = calls(List.of("localhost"), Duration.ofSeconds(3))) {
      assertThatThrownBy(() -> calls.get(at("/slow"), 100)).isInstanceOf(IOException.class)
          .hasMessageContaining("cannot be asked");
      assertThat(asked.await(20, TimeUnit.SECONDS)).isTrue();
    } finally {
      over.countDown();
    }
  }

  @Test
  void believesPublicAuthoritiesAndThoseThatAreGiven() throws Exception {
    host.on("/", LoopbackHttps.text(200, "hello"));
    Egress open = new Egress(Egress.Mode.INTERNET, List.of("localhost"), Set.of());
    try (OutboundCalls calls = new OutboundCalls(open, OutboundTrust.of(List.of()))) {
      assertThatThrownBy(() -> calls.get(at("/"), 100)).isInstanceOf(IOException.class);
    }
    Path empty = Files.writeString(folder.resolve("empty.pem"), "");
    for (Path wrong : List.of(empty, folder.resolve("absent.pem"))) {
      assertThatThrownBy(() -> OutboundTrust.of(List.of(wrong.toString()))).isInstanceOf(ConfigException.class)
          .hasMessageContaining(wrong.toString());
    }
  }
}
