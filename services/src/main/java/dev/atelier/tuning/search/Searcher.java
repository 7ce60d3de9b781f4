package dev.atelier.tuning.search;

import java.util.List;
import java.util.Map;

/** Chooses the values that are tried next. */
public interface Searcher {

  /**
   * The values of a trial.
   *
   * @param number of the trial within its tuning job, from 0
   * @param history every trial before it, and what warm starting brings
   */
  Map<String, String> suggest(int number, List<Seen> history);
}
