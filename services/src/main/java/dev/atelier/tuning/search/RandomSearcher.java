package dev.atelier.tuning.search;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.LongStream;

/**
 * Independent uniform draws on each parameter's scale (Bergstra and Bengio, "Random Search for Hyper-Parameter
 * Optimization", JMLR 13, 2012). A trial's values follow from the seed and its number; where the space is finite no
 * point is tried twice before all have been.
 */
public final class RandomSearcher implements Searcher {
  private static final int DRAWS = 100;
  private static final double MOST_WALKED = 1e6;

  private final SearchSpace space;
  private final long seed;

  public RandomSearcher(SearchSpace space, long seed) {
    this.space = space;
    this.seed = seed;
  }

  @Override
  public Map<String, String> suggest(int number, List<Seen> history) {
    SplittableRandom random = Seeds.of(seed, number);
    Map<String, String> values = draw(random);
    if (Double.isFinite(space.combinations())) {
      Set<Map<String, String>> tried = new HashSet<>(history.stream().map(Seen::values).toList());
      for (int i = 0; i < DRAWS && tried.contains(values); i++) {
        values = draw(random);
      }
      return tried.contains(values) ? untried(random, tried).orElse(values) : values;
    }
    return values;
  }

  /** A point of a small space that chance did not find. */
  private Optional<Map<String, String>> untried(SplittableRandom random, Set<Map<String, String>> tried) {
    long combinations = (long) Math.min(space.combinations(), MOST_WALKED);
    long start = random.nextLong(combinations);
    return LongStream.range(0, combinations).mapToObj(i -> space.combination((start + i) % combinations))
        .filter(each -> !tried.contains(each)).findFirst();
  }

  private Map<String, String> draw(SplittableRandom random) {
    return space.decode(space.draw(random.doubles(space.parameters().size()).toArray()));
  }
}
