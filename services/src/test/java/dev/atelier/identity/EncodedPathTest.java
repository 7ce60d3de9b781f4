package dev.atelier.identity;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EncodedPathTest {
  @Test
  void escapesAreUndone() {
    assertThat(EncodedPath.decode("b/a+b%20%C3%a9%2F%25é")).contains("b/a+b é/%é");
    assertThat(EncodedPath.decode("")).contains("");
  }

  @ParameterizedTest
  @ValueSource(strings = {"b/%zz", "a%2", "a%", "b/%ff", "b/%c3", "b/%-1", "b/%+1"})
  void brokenOnesMeanNothing(String path) {
    assertThat(EncodedPath.decode(path)).isEmpty();
  }
}
