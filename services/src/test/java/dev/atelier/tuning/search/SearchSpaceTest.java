package dev.atelier.tuning.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class SearchSpaceTest {
  private static final SearchSpace SPACE = new SearchSpace(List.of(
      new Parameter.Continuous("rate", 1e-4, 1, Scaling.LOGARITHMIC),
      new Parameter.Continuous("momentum", 0, 0.999, Scaling.REVERSE_LOGARITHMIC),
      new Parameter.Whole("layers", 1, 5, Scaling.LINEAR),
      new Parameter.Whole("units", 8, 1024, Scaling.LOGARITHMIC),
      new Parameter.Choice("optimiser", List.of("adam", "sgd", "lamb"))));

  @Test
  void scalesAreEvenInWhatTheyAreNamedFor() {
    assertThat(Scaling.LINEAR.fromUnit(0.25, 2, 10)).isCloseTo(4, within(1e-12));
    assertThat(Scaling.LOGARITHMIC.fromUnit(0.5, 0.01, 1)).isCloseTo(0.1, within(1e-12));
    assertThat(Scaling.REVERSE_LOGARITHMIC.fromUnit(0.5, 0, 0.99)).isCloseTo(0.9, within(1e-12));
    assertThat(Scaling.auto(1e-5, 0.1)).isEqualTo(Scaling.LOGARITHMIC);
    assertThat(Scaling.auto(0.9, 0.9999)).isEqualTo(Scaling.REVERSE_LOGARITHMIC);
    assertThat(Scaling.auto(0, 10)).isEqualTo(Scaling.LINEAR);
    assertThat(Scaling.auto(-100, 100)).isEqualTo(Scaling.LINEAR);
  }

  @Test
  void everyPointStandsForValuesInTheRangesAndBack() {
    long seed = System.nanoTime();
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < 2_000; i++) {
      double[] point = SPACE.draw(random.doubles(5).toArray());
      Map<String, String> values = SPACE.decode(point);
      assertThat(SPACE.holds(values)).as("seed %d: %s", seed, values).isTrue();
      assertThat(SPACE.snap(point)).as("seed %d", seed).containsExactly(point, within(1e-9));
    }
  }

  @Test
  void integersHaveEqualSharesOfTheirScale() {
    Parameter.Whole layers = new Parameter.Whole("layers", 1, 4, Scaling.LINEAR);
    int[] seen = new int[5];
    for (int i = 0; i < 1_000; i++) {
      double[] point = new double[1];
      layers.draw((i + 0.5) / 1_000, point, 0);
      seen[Integer.parseInt(layers.decode(point, 0))]++;
    }
    assertThat(seen).containsExactly(0, 250, 250, 250, 250);
    Parameter.Whole units = new Parameter.Whole("units", 1, 1_000_000, Scaling.LOGARITHMIC);
    double[] point = new double[1];
    units.draw(0.5, point, 0);
    assertThat(Double.parseDouble(units.decode(point, 0))).isCloseTo(1_000, within(2.0));
  }

  @Test
  void randomPointsFollowFromTheSeedAndSmallSpacesAreExhausted() {
    RandomSearcher one = new RandomSearcher(SPACE, 42);
    assertThat(one.suggest(3, List.of())).isEqualTo(new RandomSearcher(SPACE, 42).suggest(3, List.of()))
        .isNotEqualTo(one.suggest(4, List.of())).isNotEqualTo(new RandomSearcher(SPACE, 43).suggest(3, List.of()));
    SearchSpace small = new SearchSpace(List.of(new Parameter.Whole("a", 1, 7, Scaling.LOGARITHMIC),
        new Parameter.Choice("b", List.of("x", "y", "z"))));
    for (Searcher searcher : List.of(new RandomSearcher(small, 1), new BayesianSearcher(small, 1),
        new GridSearcher(small))) {
      List<Seen> history = new java.util.ArrayList<>();
      Set<Map<String, String>> tried = new HashSet<>();
      for (int i = 0; i < 21; i++) {
        Map<String, String> values = searcher.suggest(i, history);
        assertThat(tried.add(values)).as("%s, trial %d", searcher, i).isTrue();
        history.add(Seen.scored(values, values.get("a").length() + i % 3));
      }
    }
  }

  @Test
  void gridsGoThroughTheLastParameterFirst() {
    SearchSpace grid = new SearchSpace(List.of(new Parameter.Choice("a", List.of("1", "2")),
        new Parameter.Choice("b", List.of("x", "y", "z"))));
    GridSearcher searcher = new GridSearcher(grid);
    assertThat(grid.combinations()).isEqualTo(6);
    assertThat(searcher.suggest(0, List.of())).isEqualTo(Map.of("a", "1", "b", "x"));
    assertThat(searcher.suggest(1, List.of())).isEqualTo(Map.of("a", "1", "b", "y"));
    assertThat(searcher.suggest(5, List.of())).isEqualTo(Map.of("a", "2", "b", "z"));
  }

  @Test
  void quasiRandomPointsAreThoseOfThePublishedSequence() {
    // the first points of the Sobol sequence of Joe and Kuo's new-joe-kuo-6 in three dimensions, before the shift
    double[][] published = {{0, 0, 0}, {0.5, 0.5, 0.5}, {0.75, 0.25, 0.25}, {0.25, 0.75, 0.75}, {0.375, 0.375, 0.625},
        {0.875, 0.875, 0.125}, {0.625, 0.125, 0.875}, {0.125, 0.625, 0.375}};
    double[] shift = new SplittableRandom(9).doubles(3).toArray();
    QuasiRandom points = new QuasiRandom(3, new SplittableRandom(9));
    for (int i = 0; i < published.length; i++) {
      double[] point = points.point(i);
      for (int k = 0; k < 3; k++) {
        assertThat(point[k]).isCloseTo((published[i][k] + shift[k]) % 1, within(1e-12));
      }
    }
  }
}
