package dev.atelier.studio.sharing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CheckoutTest {

  @ParameterizedTest
  @CsvSource({
      "https://git.example.com/team/a.git, https://git.example.com/team/a.git",
      "https://me:secret@git.example.com:8443/a%20b.git?token=secret#secret, https://git.example.com:8443/a%20b.git",
      "https://secret@git.example.com/a.git, https://git.example.com/a.git",
      "ssh://git@git.example.com/a.git, ssh://git@git.example.com/a.git",
      "ssh://me:secret@git.example.com/a.git, ssh://git.example.com/a.git",
      "git@git.example.com:team/a.git, git@git.example.com:team/a.git"})
  void addressesAreToldWithoutCredentials(String address, String told) {
    assertThat(Checkout.bare(address)).contains(told);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/home/me/a.git", "file:///home/me/a.git", "me:secret@git.example.com:a.git", "https://", "ext::sh -c secret",
      "https://a b", ""})
  void whatIsNoAddressOfAnotherMachineIsNotTold(String address) {
    assertThat(Checkout.bare(address)).isEmpty();
  }

  @Test
  void aCommitIsOneOrNothing() {
    assertThat(Checkout.of(Optional.empty(), "main", Optional.of("a".repeat(40))).commit()).contains("a".repeat(40));
    assertThat(Checkout.of(Optional.empty(), "main", Optional.of("<b>")).commit()).isEmpty();
  }
}
