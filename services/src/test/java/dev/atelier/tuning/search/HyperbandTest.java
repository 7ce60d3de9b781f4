package dev.atelier.tuning.search;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atelier.tuning.search.Hyperband.Rung;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HyperbandTest {
  private static final Hyperband HYPERBAND = new Hyperband(1, 81);

  @Test
  void bracketsAreThoseOfTheAlgorithmForAResourceOf81() {
    assertThat(HYPERBAND.mostHalvings()).isEqualTo(4);
    assertThat(HYPERBAND.bracket(4)).containsExactly(
        new Rung(81, 1), new Rung(27, 3), new Rung(9, 9), new Rung(3, 27), new Rung(1, 81));
    assertThat(HYPERBAND.bracket(3)).containsExactly(
        new Rung(34, 3), new Rung(11, 9), new Rung(3, 27), new Rung(1, 81));
    assertThat(HYPERBAND.bracket(2)).containsExactly(new Rung(15, 9), new Rung(5, 27), new Rung(1, 81));
    assertThat(HYPERBAND.bracket(1)).containsExactly(new Rung(8, 27), new Rung(2, 81));
    assertThat(HYPERBAND.bracket(0)).containsExactly(new Rung(5, 81));
  }

  @Test
  void trialsFillTheBracketsInTurn() {
    assertThat(HYPERBAND.bracketOf(0)).isEqualTo(4);
    assertThat(HYPERBAND.bracketOf(80)).isEqualTo(4);
    assertThat(HYPERBAND.bracketOf(81)).isEqualTo(3);
    assertThat(HYPERBAND.bracketOf(81 + 34)).isEqualTo(2);
    assertThat(HYPERBAND.bracketOf(81 + 34 + 15)).isEqualTo(1);
    assertThat(HYPERBAND.bracketOf(81 + 34 + 15 + 8)).isZero();
    assertThat(HYPERBAND.bracketOf(81 + 34 + 15 + 8 + 5)).isEqualTo(4);
    assertThat(new Hyperband(10, 50).bracketOf(3)).isZero();
  }

  @Test
  void oneOfThreeGoesOnAtARung() {
    Map<Integer, Double> others = new HashMap<>();
    assertThat(HYPERBAND.stops(0, 1, 5, others)).as("the first to reach a rung goes on").isFalse();
    others.put(0, 5.0);
    assertThat(HYPERBAND.stops(1, 1, 6, others)).isTrue();
    assertThat(HYPERBAND.stops(1, 1, 4, others)).isFalse();
    others.put(1, 4.0);
    others.put(2, 3.0);
    others.put(3, 6.0);
    others.put(4, 7.0);
    // of six with the newcomer two go on: those of 3 and of 4
    assertThat(HYPERBAND.stops(5, 1, 3.5, others)).isFalse();
    assertThat(HYPERBAND.stops(5, 1, 4.5, others)).isTrue();
  }

  @Test
  void onlyRungsOfTheOwnBracketJudge() {
    Map<Integer, Double> better = Map.of(0, 1.0, 1, 1.0, 2, 1.0);
    assertThat(HYPERBAND.stops(5, 2, 9, better)).as("between two rungs").isFalse();
    assertThat(HYPERBAND.stops(85, 3, 9, better)).as("rivals of another bracket").isFalse();
    assertThat(HYPERBAND.stops(85, 3, 9, Map.of(82, 1.0, 83, 1.0))).isTrue();
    assertThat(HYPERBAND.stops(85, 1, 9, Map.of(82, 1.0, 83, 1.0))).as("below its bracket's first rung").isFalse();
    assertThat(HYPERBAND.stops(140, 81, 0, Map.of())).as("nobody has more than the greatest resource").isTrue();
  }

  @Test
  void theMedianRuleComparesWithRunningAverages() {
    assertThat(MedianRule.stops(9, new double[] {1, 2})).as("too few to compare with").isFalse();
    assertThat(MedianRule.stops(2.5, new double[] {3, 1, 2})).isTrue();
    assertThat(MedianRule.stops(2, new double[] {3, 1, 2})).isFalse();
    assertThat(MedianRule.stops(2.6, new double[] {4, 1, 2, 3})).isTrue();
    assertThat(List.of(MedianRule.median(new double[] {1, 2, 3, 4}))).containsExactly(2.5);
  }
}
