package dev.atelier.tuning;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class TurnsTest {
  private final Deque<Runnable> begun = new ArrayDeque<>();
  private final List<String> gone = new ArrayList<>();
  private Consumer<String> meanwhile = job -> { };
  private final Turns<String> turns = new Turns<>((job, turn) -> begun.add(turn), job -> {
    gone.add(job);
    meanwhile.accept(job);
  });

  @Test
  void whatIsAskedForMeanwhileIsDoneOnceMore() {
    turns.ask("a");
    turns.ask("a");
    turns.ask("b");
    assertThat(begun).hasSize(2);
    meanwhile = job -> {
      meanwhile = again -> { };
      turns.ask(job);
      turns.ask(job);
    };
    begun.removeFirst().run();
    assertThat(gone).containsExactly("a", "a");
    assertThat(begun).hasSize(1);
  }

  @Test
  void nothingIsRememberedOfWhatNobodyGoesThrough() {
    for (int late = 0; late < 3; late++) {
      turns.ask("ended");
      assertThat(turns.busy()).isEqualTo(1);
      begun.removeFirst().run();
      assertThat(turns.busy()).isZero();
    }
    assertThat(gone).hasSize(3);
  }

  @Test
  void anErrorKeepsNobodyFromAskingAgain() {
    turns.ask("a");
    meanwhile = job -> {
      throw new OutOfMemoryError("of a test");
    };
    try {
      begun.removeFirst().run();
    } catch (OutOfMemoryError expected) {
      meanwhile = job -> { };
    }
    turns.ask("a");
    begun.removeFirst().run();
    assertThat(gone).containsExactly("a", "a");
  }
}
