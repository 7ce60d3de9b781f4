package dev.atelier.tuning.search;

import java.util.List;
import java.util.Map;

/** Every combination of categorical values once; the last parameter's values change fastest. */
public final class GridSearcher implements Searcher {
  private final SearchSpace space;

  public GridSearcher(SearchSpace space) {
    this.space = space;
  }

  @Override
  public Map<String, String> suggest(int number, List<Seen> history) {
    return space.combination(number);
  }
}
