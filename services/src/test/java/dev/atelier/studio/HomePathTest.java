package dev.atelier.studio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atelier.kernel.Fault;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HomePathTest {

  @ParameterizedTest
  @ValueSource(strings = {"", "/a.ipynb", "../a.ipynb", "a/../b.ipynb", "a//b.ipynb", "./a.ipynb", "a/.", "a/", "a\u0000.ipynb"})
  void whatLeadsOutOfTheHomeIsRefused(String path) {
    assertThatThrownBy(() -> HomePath.checked(path)).isInstanceOf(Fault.class).hasMessageContaining("home");
  }

  @Test
  void othersAreTakenAsTheyAre() {
    assertThat(HomePath.notebook(".hidden/a b..c.ipynb")).isEqualTo(".hidden/a b..c.ipynb");
    assertThat(HomePath.name("a/b/c.ipynb")).isEqualTo("c.ipynb");
    assertThat(HomePath.folder("a/b/c.ipynb")).isEqualTo("a/b");
    assertThat(HomePath.folder("c.ipynb")).isEmpty();
    assertThatThrownBy(() -> HomePath.notebook("a.txt")).hasMessageContaining("no notebook");
  }
}
