package dev.atelier.compute.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class ProcessorsTest {
  private final Processors processors = new Processors(List.of(0, 1, 2, 5), true);

  private String take(String group, double cpus) {
    return processors.take(group, cpus).replaceAll("^taskset -pc | \\$\\$ > /dev/null\n$", "");
  }

  @Test
  void thoseThatTheFewestHaveAreTaken() {
    assertThat(take("a.h", 1)).isEqualTo("0");
    assertThat(take("b.h", 2)).isEqualTo("1,2");
    assertThat(take("c.h", 1.5)).isEqualTo("0,5");
    assertThat(take("d.h", 0.1)).isEqualTo("1");
    processors.leave("b.h");
    assertThat(take("e.h", 1)).isEqualTo("2");
  }

  @Test
  void hostsOfOneMachineHaveTheSameUntilTheLastIsOver() {
    assertThat(take("m/a.h", 2)).isEqualTo("0,1");
    assertThat(take("m/b.h", 2)).isEqualTo("0,1");
    processors.leave("m/a.h");
    assertThat(take("c.h", 2)).isEqualTo("2,5");
    processors.leave("m/b.h");
    assertThat(take("d.h", 2)).isEqualTo("0,1");
  }

  @Test
  void whoMayHaveAllIsPutNowhere() {
    assertThat(take("a.h", 4)).isEmpty();
    assertThat(take("b.h", 3.5)).isEmpty();
    assertThat(take("c.h", 96)).isEmpty();
    assertThat(new Processors(List.of(0, 1), false).take("a.h", 1)).isEmpty();
    assertThat(new Processors(List.of(0, 1), false).notLimited()).hasSize(1);
  }

  @Test
  void rangesAreRead() {
    assertThat(Processors.parse("0-2,5,7-7")).containsExactly(0, 1, 2, 5, 7);
    assertThat(Processors.parse("")).isEmpty();
  }
}
