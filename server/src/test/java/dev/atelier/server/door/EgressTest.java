package dev.atelier.server.door;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Addresses are given as literals, so that nothing is asked of a name server. */
class EgressTest {
  private final Egress internet = new Egress(Egress.Mode.INTERNET, List.of(), Set.of());

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "127.8.8.8", "0.0.0.0", "0.1.2.3", "10.0.0.1", "172.16.0.1", "192.168.1.1",
      "169.254.169.254", "100.64.0.1", "192.0.0.170", "198.18.0.1", "224.0.0.1", "255.255.255.255", "::1", "::",
      "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::127.0.0.1", "64:ff9b::7f00:1", "64:ff9b:1::1", "2002:7f00:1::",
      "2001:0:4136:e378:8000:63bf:3fff:fdd2", "fe80::1", "fec0::1", "fc00::1", "fd00:ec2::254", "ff02::1"})
  void refusesAddressesThatLeadBackHere(String address) {
    assertThat(internet.resolve(address)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"1.1.1.1", "8.8.8.8", "100.128.0.1", "192.0.1.1", "198.20.0.1", "2606:4700:4700::1111",
      "2001:4860:4860::8888"})
  void letsPublicAddressesThrough(String address) {
    assertThat(internet.resolve(address)).isPresent();
  }

  @Test
  void letsANamedAddressThroughAlthoughItIsPrivate() {
    assertThat(new Egress(Egress.Mode.NONE, List.of("10.0.0.1"), Set.of()).resolve("10.0.0.1")).isPresent();
  }

  @Test
  void letsNothingElseThroughWhenItIsSwitchedOff() {
    assertThat(new Egress(Egress.Mode.NONE, List.of(), Set.of()).resolve("1.1.1.1")).isEmpty();
    assertThat(new Egress(Egress.Mode.INDEXES, List.of(), Set.of()).resolve("1.1.1.1")).isEmpty();
  }
}
