package dev.atelier.tuning.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BayesianSearcherTest {
  private static final SearchSpace SPACE = new SearchSpace(List.of(
      new Parameter.Continuous("x", -5, 10, Scaling.LINEAR), new Parameter.Continuous("y", 0, 15, Scaling.LINEAR)));

  private static double branin(Map<String, String> at) {
    double x = Double.parseDouble(at.get("x"));
    double y = Double.parseDouble(at.get("y"));
    double part = y - 5.1 / (4 * Math.PI * Math.PI) * x * x + 5 / Math.PI * x - 6;
    return part * part + 10 * (1 - 1 / (8 * Math.PI)) * Math.cos(x) + 10;
  }

  private static double best(Searcher searcher, int trials, List<Seen> before,
      ToDoubleFunction<Map<String, String>> loss) {
    List<Seen> history = new ArrayList<>(before);
    double best = Double.POSITIVE_INFINITY;
    for (int i = 0; i < trials; i++) {
      Map<String, String> values = searcher.suggest(i, history);
      history.add(Seen.scored(values, loss.applyAsDouble(values)));
      best = Math.min(best, loss.applyAsDouble(values));
    }
    return best;
  }

  @Test
  void itFindsWhatChanceDoesNot() {
    // the median over seeds: Branin's least value is 0.3979
    double[] found = IntStream.range(0, 5)
        .mapToDouble(seed -> best(new BayesianSearcher(SPACE, seed), 30, List.of(), BayesianSearcherTest::branin))
        .sorted().toArray();
    double[] drawn = IntStream.range(0, 5)
        .mapToDouble(seed -> best(new RandomSearcher(SPACE, seed), 30, List.of(), BayesianSearcherTest::branin))
        .sorted().toArray();
    assertThat(found[2]).isLessThan(0.45).isLessThan(drawn[2]);
  }

  @Test
  void aBatchSpreads() {
    BayesianSearcher searcher = new BayesianSearcher(SPACE, 3);
    List<Seen> history = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      Map<String, String> values = searcher.suggest(i, history);
      history.add(Seen.scored(values, branin(values)));
    }
    List<double[]> batch = new ArrayList<>();
    for (int i = 12; i < 18; i++) {
      Map<String, String> values = searcher.suggest(i, history);
      history.add(Seen.running(values));
      batch.add(SPACE.encode(values));
    }
    for (int i = 0; i < batch.size(); i++) {
      for (int j = 0; j < i; j++) {
        assertThat(Math.hypot(batch.get(i)[0] - batch.get(j)[0], batch.get(i)[1] - batch.get(j)[1]))
            .as("points %d and %d", i, j).isGreaterThan(0.01);
      }
    }
  }

  @Test
  void failedPointsAreAvoided() {
    BayesianSearcher searcher = new BayesianSearcher(SPACE, 5);
    List<Seen> history = new ArrayList<>();
    int failures = 0;
    for (int i = 0; i < 30; i++) {
      Map<String, String> values = searcher.suggest(i, history);
      boolean fails = Double.parseDouble(values.get("x")) > 4;
      failures += fails && i >= 15 ? 1 : 0;
      history.add(fails ? Seen.failed(values) : Seen.scored(values, branin(values)));
    }
    // the half that fails has one of Branin's three minima
    assertThat(failures).isLessThan(5);
  }

  @Test
  void categoriesAndIntegersAreSearchedToo() {
    SearchSpace mixed = new SearchSpace(List.of(new Parameter.Choice("kind", List.of("a", "b", "c", "d")),
        new Parameter.Whole("n", 1, 50, Scaling.LINEAR), new Parameter.Continuous("r", 1e-4, 1, Scaling.LOGARITHMIC)));
    ToDoubleFunction<Map<String, String>> loss = at -> (at.get("kind").equals("c") ? 0 : 3)
        + Math.abs(Integer.parseInt(at.get("n")) - 31) / 10.0
        + Math.abs(Math.log10(Double.parseDouble(at.get("r"))) + 2);
    assertThat(best(new BayesianSearcher(mixed, 2), 40, List.of(), loss)).isLessThan(0.5);
  }

  @Test
  void warmStartsBeginWhereParentsEnded() {
    List<Seen> parents = new ArrayList<>();
    BayesianSearcher before = new BayesianSearcher(SPACE, 8);
    for (int i = 0; i < 20; i++) {
      Map<String, String> values = before.suggest(i, parents);
      parents.add(Seen.scored(values, branin(values)));
    }
    assertThat(best(new BayesianSearcher(SPACE, 9), 5, parents, BayesianSearcherTest::branin)).isLessThan(1);
    // losses of another task are shifted and stretched; what was best there is tried first
    List<Seen> others = parents.stream().map(each -> new Seen(each.values(),
        OptionalDouble.of(100 + 7 * each.loss().getAsDouble()), false, 1)).toList();
    Map<String, String> first = new BayesianSearcher(SPACE, 9).suggest(0, others);
    double least = parents.stream().mapToDouble(each -> each.loss().getAsDouble()).min().orElseThrow();
    assertThat(branin(first)).isCloseTo(least, within(1e-9));
    assertThat(best(new BayesianSearcher(SPACE, 9), 8, others, BayesianSearcherTest::branin)).isLessThan(1);
  }

  @Test
  void lossesThatAreAllTheSameAreNoTrouble() {
    BayesianSearcher searcher = new BayesianSearcher(SPACE, 1);
    List<Seen> history = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      history.add(Seen.scored(searcher.suggest(i, history), 1));
    }
    assertThat(new HashSet<>(history)).hasSize(20);
  }

  @Test
  void powersKeepTheOrderAndTameTails() {
    double[] losses = {1, 2, 3, 4, 1e6};
    double[] normal = PowerTransform.normalised(losses);
    assertThat(normal).isSorted();
    assertThat(normal[1] - normal[0]).isGreaterThan(0.01);
    assertThat(PowerTransform.yeoJohnson(3, 0)).isCloseTo(Math.log(4), within(1e-12));
    assertThat(PowerTransform.yeoJohnson(-3, 2)).isCloseTo(-Math.log(4), within(1e-12));
    assertThat(PowerTransform.yeoJohnson(3, 1)).isCloseTo(3, within(1e-12));
    assertThat(PowerTransform.yeoJohnson(-3, 1)).isCloseTo(-3, within(1e-12));
  }
}
