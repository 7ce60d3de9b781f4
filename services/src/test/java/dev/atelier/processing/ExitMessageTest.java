package dev.atelier.processing;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ExitMessageTest {

  private static ExitMessage of(String... hosts) {
    return ExitMessage.of(List.of(hosts), host -> Optional.of(host.getBytes(StandardCharsets.UTF_8)).map(
        bytes -> Arrays.copyOf(bytes, Math.min(bytes.length, 1_024))));
  }

  @Test
  void allHostsTogetherHaveOneKilobyte() {
    assertThat(of("a".repeat(1_000), "b".repeat(1_000)).text()).contains("a".repeat(1_000) + "b".repeat(24));
    assertThat(of("é".repeat(600)).text()).contains("é".repeat(512));
    // a character of three bytes that begins within the limit and ends beyond it is left out
    assertThat(of("a" + "€".repeat(400)).text()).contains("a" + "€".repeat(341));
    assertThat(of("", "").text()).isEmpty();
  }

  @Test
  void whatIsNoUtf8NamesItsHost() {
    ExitMessage message = ExitMessage.of(List.of("algo-1", "algo-2"), host -> Optional.of(
        host.equals("algo-1") ? "fine".getBytes(StandardCharsets.UTF_8) : new byte[] {'a', (byte) 0xe9}));
    assertThat(message.text()).contains("fine");
    assertThat(message.malformed()).contains("algo-2");
  }
}
