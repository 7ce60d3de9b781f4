package dev.atelier.tuning;

import dev.atelier.kernel.Arn;
import dev.atelier.tuning.search.SearchSpace;
import dev.atelier.tuning.search.Searcher;
import dev.atelier.tuning.search.Seen;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Chooses a tuning job's next trial: which training job definition, and with which values. */
final class Choices {
  /** Of so many trials of each definition is known how good it is. */
  private static final int FIRST = 3;

  private final WarmStart warmStart;
  private final Map<Arn, List<Search>> searches = new ConcurrentHashMap<>();

  /** What is kept in memory of a definition's search; made again from what is stored whenever it is not there. */
  private record Search(SearchSpace space, Searcher searcher, List<Seen> past) {}

  Choices(WarmStart warmStart) {
    this.warmStart = warmStart;
  }

  /** The trial after those that there are. */
  Trial next(TuningJob job, List<Trial> all, Instant now) {
    List<Search> each = searches.computeIfAbsent(job.arn(), arn -> searches(job));
    int definition = definition(job, each, all);
    Search search = each.get(definition);
    List<Seen> history = new ArrayList<>(search.past);
    List<Trial> own = all.stream().filter(trial -> trial.definition() == definition).toList();
    own.forEach(trial -> history.add(seen(job, trial)));
    return Trial.chosen(job, all.size() + 1, definition, search.searcher.suggest(own.size(), history), now);
  }

  private List<Search> searches(TuningJob job) {
    List<Search> searches = new ArrayList<>();
    for (int i = 0; i < job.definitions().size(); i++) {
      SearchSpace space = Strategies.space(job, i);
      searches.add(new Search(space, Strategies.searcher(job, i), warmStart.history(job, space)));
    }
    return List.copyOf(searches);
  }

  private static Seen seen(TuningJob job, Trial trial) {
    if (trial.scored()) {
      return Seen.scored(trial.tuned(), job.loss(trial.definition(), trial.objective()));
    }
    return trial.ended() ? Seen.failed(trial.tuned()) : Seen.running(trial.tuned());
  }

  /** In turn among those with untried points; Bayesian search gives every other trial to the best definition so far. */
  private static int definition(TuningJob job, List<Search> searches, List<Trial> all) {
    int count = searches.size();
    long[] used = new long[count];
    all.forEach(trial -> used[trial.definition()]++);
    int fewest = 0;
    for (int i = 1; i < count; i++) {
      boolean untried = used[i] < searches.get(i).space.combinations();
      boolean spent = used[fewest] >= searches.get(fewest).space.combinations();
      fewest = untried && (spent || used[i] < used[fewest]) ? i : fewest;
    }
    boolean turn = used[fewest] < FIRST || all.size() % 2 == 0 || !job.strategy().equals("Bayesian");
    int rarest = fewest;
    return turn ? rarest : Progress.best(job, all).map(Trial::definition)
        .filter(best -> used[best] < searches.get(best).space.combinations()).orElse(rarest);
  }

  void forget(Arn job) {
    searches.remove(job);
  }
}
